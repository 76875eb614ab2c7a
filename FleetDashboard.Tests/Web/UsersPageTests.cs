using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>What operators may do with accounts, and what other users may not, through the page's forms.</summary>
public sealed partial class UsersPageTests : IAsyncLifetime
{
    private readonly List<Browserless> _visitors = [];
    private FakeCollector _collector = default!;
    private WebApp _app = default!;
    private Browserless _admin = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
        _admin = await SignedInAsync(WebApp.Admin);
    }

    public async ValueTask DisposeAsync()
    {
        _visitors.ForEach(visitor => visitor.Dispose());
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Add_ShowsAWorkingPasswordOnce()
    {
        var (status, page) = await PostAsync(_admin, "/users", "add", ("Name", "vera"), ("Role", Roles.Viewer));

        Assert.Equal(HttpStatusCode.OK, status);
        var password = Password().Match(page).Groups[1].Value;
        var vera = await SignedInAsync("vera", password);
        Assert.Equal(HttpStatusCode.OK, (await vera.GetAsync("/", Cancelled)).StatusCode);
        Assert.DoesNotContain(
            password,
            await (await _admin.GetAsync("/users", Cancelled)).Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", Roles.Viewer)]
    [InlineData(WebApp.Admin, Roles.Viewer)]
    [InlineData("vera", "boss")]
    [InlineData("<b>vera</b>", Roles.Viewer)]
    public async Task Add_InvalidUser_IsRefusedWithAMessage(string name, string role)
    {
        var (_, page) = await PostAsync(_admin, "/users", "add", ("Name", name), ("Role", role));

        Assert.Contains("class=\"said bad\"", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Password(), page);
        Assert.DoesNotContain("<b>vera", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_Changed_EndsTheUsersSessions_AndAppliesToTheNext()
    {
        var (vera, id) = await UserAsync("vera", Roles.Viewer);

        await PostAsync(_admin, $"/users?user={id}", "change", ("Do", "operator"));

        Assert.Equal(HttpStatusCode.Redirect, (await vera.GetAsync("/", Cancelled)).StatusCode);
        await vera.SignInAsync("vera", WebApp.Password, Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await vera.GetAsync("/users", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task User_Locked_CannotSignInUntilUnlocked()
    {
        var (vera, id) = await UserAsync("vera", Roles.Viewer);

        await PostAsync(_admin, $"/users?user={id}", "change", ("Do", "lock"));
        Assert.Equal(HttpStatusCode.Redirect, (await vera.GetAsync("/", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await vera.SignInAsync("vera", WebApp.Password, Cancelled)).StatusCode);

        await PostAsync(_admin, $"/users?user={id}", "change", ("Do", "unlock"));
        Assert.Equal(HttpStatusCode.Redirect, (await vera.SignInAsync("vera", WebApp.Password, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Password_Reset_EndsSessionsAndTheOldPassword()
    {
        var (vera, id) = await UserAsync("vera", Roles.Viewer);

        var (_, page) = await PostAsync(_admin, $"/users?user={id}", "change", ("Do", "reset"));

        Assert.Equal(HttpStatusCode.Redirect, (await vera.GetAsync("/", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await vera.SignInAsync("vera", WebApp.Password, Cancelled)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Redirect,
            (await vera.SignInAsync("vera", Password().Match(page).Groups[1].Value, Cancelled)).StatusCode
        );
    }

    [Fact]
    public async Task User_Removed_OnlyAfterConfirmation()
    {
        var (vera, id) = await UserAsync("vera", Roles.Viewer);

        await PostAsync(_admin, $"/users?user={id}", "remove");
        Assert.Equal(HttpStatusCode.OK, (await vera.GetAsync("/", Cancelled)).StatusCode);

        await PostAsync(_admin, $"/users?user={id}", "remove", ("Sure", "true"));
        Assert.Equal(HttpStatusCode.Redirect, (await vera.GetAsync("/", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await vera.SignInAsync("vera", WebApp.Password, Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("change", "Do", "viewer")]
    [InlineData("change", "Do", "lock")]
    [InlineData("remove", "Sure", "true")]
    public async Task LastOperator_CannotBeRemoved(string form, string field, string value)
    {
        var id = await IdAsync(WebApp.Admin);
        var (_, locked) = await UserAsync("olga", Roles.Operator);
        await PostAsync(_admin, $"/users?user={locked}", "change", ("Do", "lock")); // an operator who cannot sign in does not count

        var (_, page) = await PostAsync(_admin, $"/users?user={id}", form, (field, value));

        Assert.Contains("class=\"said bad\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _admin.GetAsync("/users", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task TwoOperators_DemoteEachOther_OneRemains()
    {
        var (olga, olgasId) = await UserAsync("olga", Roles.Operator);
        var adminsId = await IdAsync(WebApp.Admin);
        var (admins, olgas) = (
            await FormAsync(_admin, $"/users?user={olgasId}", "change", ("Do", "viewer")),
            await FormAsync(olga, $"/users?user={adminsId}", "change", ("Do", "viewer"))
        );

        await Task.WhenAll(
            _admin.PostAsync($"/users?user={olgasId}", admins, Cancelled),
            olga.PostAsync($"/users?user={adminsId}", olgas, Cancelled)
        );

        await using var scope = _app.Services.CreateAsyncScope();
        Assert.Single(await scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>().GetUsersInRoleAsync(Roles.Operator));
    }

    [Fact]
    public async Task OwnAccount_CannotBeRemoved_EvenWithAnotherOperator()
    {
        await UserAsync("olga", Roles.Operator);

        var (_, page) = await PostAsync(_admin, $"/users?user={await IdAsync(WebApp.Admin)}", "remove", ("Sure", "true"));

        Assert.Contains("You cannot remove your own account", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_CannotSeeOrChangeUsers()
    {
        var (vera, id) = await UserAsync("vera", Roles.Viewer);
        var form = await FormAsync(vera, "/account", "change", ("Do", "operator"));

        Assert.Equal(AccountRoutes.NoAccess, (await vera.GetAsync("/users", Cancelled)).Headers.Location!.AbsolutePath);
        Assert.Equal(AccountRoutes.NoAccess, (await vera.PostAsync($"/users?user={id}", form, Cancelled)).Headers.Location!.AbsolutePath);
        Assert.DoesNotContain(
            "href=\"users\"",
            await (await vera.GetAsync("/account", Cancelled)).Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Change_ByAFormerOperator_IsRefusedDespiteTheCookie()
    {
        var (_, id) = await UserAsync("olga", Roles.Operator);
        var store = _app.Services.GetRequiredService<SessionStore>();
        var session = await store.OpenAsync(new SessionOpening(id, "olga", null, null, null), Cancelled);
        await using var scope = _app.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<IdentityUser>>();
        var olga = (await manager.UserManager.FindByIdAsync(id))!;
        var principal = await manager.CreateUserPrincipalAsync(olga);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(SessionClaim.Type, session));
        var users = _app.Services.GetRequiredService<UserAccounts>();
        Assert.Null((await users.AddAsync(new AccountActor(principal, null, null), "first", Roles.Viewer, Cancelled)).Problem);

        await manager.UserManager.RemoveFromRoleAsync(olga, Roles.Operator);

        Assert.Contains(
            "Only an operator",
            (await users.AddAsync(new AccountActor(principal, null, null), "second", Roles.Operator, Cancelled)).Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Change_WithoutTheFormsToken_IsRefused()
    {
        var response = await _admin.PostAsync(
            "/users",
            new()
            {
                ["_handler"] = "add",
                ["Name"] = "mallory",
                ["Role"] = Roles.Operator,
            },
            Cancelled
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<Dictionary<string, string>> FormAsync(
        Browserless visitor,
        string path,
        string handler,
        params (string Name, string Value)[] fields
    )
    {
        var form = await visitor.FormAsync(path, Cancelled);
        form["_handler"] = handler;
        foreach (var (name, value) in fields)
        {
            form[name] = value;
        }
        return form;
    }

    private static async Task<(HttpStatusCode Status, string Page)> PostAsync(
        Browserless visitor,
        string path,
        string handler,
        params (string Name, string Value)[] fields
    )
    {
        var response = await visitor.PostAsync(path, await FormAsync(visitor, path, handler, fields), Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    private async Task<(Browserless Visitor, string Id)> UserAsync(string name, string role)
    {
        await _app.AddUserAsync(name, role);
        return (await SignedInAsync(name), await IdAsync(name));
    }

    private async Task<string> IdAsync(string name)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>().FindByNameAsync(name))!.Id;
    }

    private async Task<Browserless> SignedInAsync(string name, string password = WebApp.Password)
    {
        var visitor = new Browserless(_app);
        _visitors.Add(visitor);
        await visitor.SignInAsync(name, password, Cancelled);
        return visitor;
    }

    [GeneratedRegex("<code[^>]*>([^<]+)</code>")]
    private static partial Regex Password();
}
