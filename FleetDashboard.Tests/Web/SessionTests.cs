using System.Net;
using System.Security.Claims;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>What opens, keeps and ends a session, through the real server.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private readonly List<Browserless> _visitors = [];
    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _visitors.ForEach(visitor => visitor.Dispose());
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task SigningIn_OpensOneSession_SigningOutEndsIt()
    {
        var visitor = await SignedInAsync();
        var session = Assert.Single(await SessionsAsync());
        Assert.Equal(WebApp.Admin, session.UserName);
        Assert.Equal("127.0.0.1", session.Address);
        Assert.Null(session.Issuer);

        await visitor.PostAsync(AccountRoutes.SignOut, await visitor.FormAsync("/", Cancelled), Cancelled);

        Assert.Empty(await SessionsAsync());
    }

    [Fact]
    public async Task SigningInAgain_InTheSameBrowser_ReplacesItsSession()
    {
        var visitor = await SignedInAsync();
        var first = Assert.Single(await SessionsAsync());
        var form = await visitor.FormAsync("/no-access", Cancelled);
        form["Form.UserName"] = WebApp.Admin;
        form["Form.Password"] = WebApp.Password;
        form["_handler"] = "sign-in";

        await visitor.PostAsync(AccountRoutes.SignIn, form, Cancelled);

        Assert.NotEqual(first.Id, Assert.Single(await SessionsAsync()).Id);
    }

    [Fact]
    public async Task SigningOut_EndsACopyOfTheCookieToo()
    {
        var visitor = await SignedInAsync();
        var cookie = visitor.Cookies;
        var thief = Visitor();
        thief.Cookies = cookie;
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/", Cancelled)).StatusCode);

        await visitor.PostAsync(AccountRoutes.SignOut, await visitor.FormAsync("/", Cancelled), Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Session_IdentityChecksTheAccount_IsKept()
    {
        var visitor = await SignedInAsync();
        var before = visitor.Cookies;

        // A new cookie shows that Identity has checked the account and rebuilt the principal.
        await Eventually.GetAsync(
            async token =>
            {
                Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/", token)).StatusCode);
                return visitor.Cookies;
            },
            cookies => cookies != before
        );

        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/", Cancelled)).StatusCode);
        Assert.Single(await SessionsAsync());
    }

    [Fact]
    public async Task SigningOut_EndsOnlyTheLogStreamsOfThatSession()
    {
        _collector.Logs.Print("shop-web-1", "one");
        var (leaving, staying) = (await SignedInAsync(), await SignedInAsync());
        using var lost = await StreamAsync(leaving);
        using var kept = await StreamAsync(staying);
        await using var lostBody = await lost.Content.ReadAsStreamAsync(Cancelled);
        await using var keptBody = await kept.Content.ReadAsStreamAsync(Cancelled);

        await leaving.PostAsync(AccountRoutes.SignOut, await leaving.FormAsync("/", Cancelled), Cancelled);

        // The server aborts the stream: a stream that ended normally would look like a complete log.
        await Assert.ThrowsAnyAsync<Exception>(() =>
            lostBody.CopyToAsync(Stream.Null, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled)
        );
        await Eventually.GetAsync(_ => Task.FromResult(_collector.Logs.OpenStreams), open => open == 1);
        Assert.NotEqual(0, await keptBody.ReadAsync(new byte[16], Cancelled));
        Assert.Equal(HttpStatusCode.OK, (await staying.GetAsync("/", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Cookie_WithoutASession_IsSignedOutWithoutAnError()
    {
        var visitor = Visitor();
        visitor.Cookies = await OldCookieAsync();

        var response = await visitor.GetAsync("/", Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(AccountRoutes.SignIn, new Uri(_app.Url, response.Headers.Location!).AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(AccountRoutes.SignIn, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Session_Expired_IsRejectedAndDeleted()
    {
        var store = _app.Services.GetRequiredService<SessionStore>();
        var opening = new SessionOpening(
            "user",
            "user",
            null,
            null,
            new ProviderSession("https://id.example", null, null, DateTimeOffset.UnixEpoch)
        );
        var id = await store.OpenAsync(opening, Cancelled);

        Assert.Null(await store.FindAsync(SessionClaim.KeyOf(id), Cancelled));
        Assert.Single(await SessionsAsync());

        await SignedInAsync();
        Assert.Equal(WebApp.Admin, Assert.Single(await SessionsAsync()).UserName);
    }

    [Fact]
    public async Task Sessions_OfOneUser_AreLimited_TheOldestAreDeleted()
    {
        var store = _app.Services.GetRequiredService<SessionStore>();
        var first = await store.OpenAsync(new SessionOpening("user", "user", null, null, null), Cancelled);
        var other = await store.OpenAsync(new SessionOpening("other", "other", null, null, null), Cancelled);
        var last = first;
        for (var i = 0; i < SessionStore.MaxPerUser; i++)
        {
            last = await store.OpenAsync(new SessionOpening("user", "user", null, new string('x', 5000), null), Cancelled);
        }

        Assert.Equal(SessionStore.MaxPerUser, (await store.ListAsync("user", null, Cancelled)).Count);
        Assert.Null(await store.FindAsync(SessionClaim.KeyOf(first), Cancelled));
        Assert.NotNull(await store.FindAsync(SessionClaim.KeyOf(other), Cancelled));
        Assert.Equal(SessionTable.MaxText, (await store.FindAsync(SessionClaim.KeyOf(last), Cancelled))!.Browser!.Length);
    }

    [Fact]
    public async Task AccountsFile_ContainsNothingThatForgesACookie()
    {
        var visitor = await SignedInAsync();
        var claim = OpenCookie(visitor).FindFirstValue(SessionClaim.Type)!;

        Assert.DoesNotContain(await SessionsAsync(), session => session.Id.Contains(claim, StringComparison.Ordinal));
        Assert.Contains(await SessionsAsync(), session => session.Id == SessionClaim.KeyOf(claim));
    }

    [Fact]
    public async Task Accounts_WithoutSessions_AreMigrated()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"fleet-upgrade-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            var options = new DbContextOptionsBuilder<AccountsDb>().UseSqlite($"Data Source={Path.Combine(folder, "accounts.db")}").Options;
            await using (var old = new AccountsDb(options))
            {
                await old.GetService<IMigrator>().MigrateAsync("20261123144707_Accounts", Cancelled);
                var admin = new IdentityUser(WebApp.Admin)
                {
                    NormalizedUserName = WebApp.Admin.ToUpperInvariant(),
                    SecurityStamp = "stamp",
                    LockoutEnabled = true,
                };
                admin.PasswordHash = new PasswordHasher<IdentityUser>().HashPassword(admin, WebApp.Password);
                var role = new IdentityRole(Contracts.Roles.Operator) { NormalizedName = Contracts.Roles.Operator.ToUpperInvariant() };
                old.AddRange(admin, role, new IdentityUserRole<string> { UserId = admin.Id, RoleId = role.Id });
                await old.SaveChangesAsync(Cancelled);
            }
            SqliteConnection.ClearAllPools();

            await using var app = WebApp.Start(
                _collector.Url,
                [new("Data:Path", folder), new("Accounts:AdminPassword", "another password")]
            );
            using var visitor = new Browserless(app);
            await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);

            Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/", Cancelled)).StatusCode);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<HttpResponseMessage> StreamAsync(Browserless visitor) =>
        visitor.OpenAsync(new HttpRequestMessage(HttpMethod.Get, "/logs/apps/shop?follow=true"), Cancelled);

    private async Task<List<Session>> SessionsAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccountsDb>().Sessions.AsNoTracking().ToListAsync(Cancelled);
    }

    private CookieAuthenticationOptions CookieOptions =>
        _app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);

    private ClaimsPrincipal OpenCookie(Browserless visitor)
    {
        var value = visitor.Cookies.Split("; ").Single(cookie => cookie.StartsWith("fleet=", StringComparison.Ordinal))["fleet=".Length..];
        return CookieOptions.TicketDataFormat.Unprotect(value)!.Principal;
    }

    /// <summary>The admin's cookie as an older version created it, without a session.</summary>
    private async Task<string> OldCookieAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<IdentityUser>>();
        var principal = await manager.CreateUserPrincipalAsync((await manager.UserManager.FindByNameAsync(WebApp.Admin))!);
        var now = TimeProvider.System.GetUtcNow();
        var properties = new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(1) };
        return "fleet="
            + CookieOptions.TicketDataFormat.Protect(new AuthenticationTicket(principal, properties, IdentityConstants.ApplicationScheme));
    }

    private async Task<Browserless> SignedInAsync()
    {
        var visitor = Visitor();
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
        return visitor;
    }

    private Browserless Visitor()
    {
        var visitor = new Browserless(_app);
        _visitors.Add(visitor);
        return visitor;
    }
}
