using System.Net;
using System.Security.Claims;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Passkeys;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>A change of an account must be confirmed by its user, and is recorded by a Collector before it is committed.</summary>
public sealed class AccountChangeTests : IAsyncLifetime
{
    private const string Vera = "vera";

    private static readonly Dictionary<string, Func<AccountChangeTests, AccountActor, string, Task<string?>>> Verbs = new()
    {
        [AccountChanges.UserAdded] = async (test, actor, _) =>
            (await test.Users.AddAsync(actor, "mallory", Roles.Operator, Cancelled)).Problem,
        [AccountChanges.MadeOperator] = async (test, actor, vera) =>
            (await test.Users.SetRoleAsync(actor, vera, Roles.Operator, Cancelled)).Problem,
        [AccountChanges.MadeViewer] = async (test, actor, vera) =>
            (await test.Users.SetRoleAsync(actor, vera, Roles.Viewer, Cancelled)).Problem,
        [AccountChanges.UserLocked] = async (test, actor, vera) => (await test.Users.LockAsync(actor, vera, true, Cancelled)).Problem,
        [AccountChanges.UserUnlocked] = async (test, actor, vera) => (await test.Users.LockAsync(actor, vera, false, Cancelled)).Problem,
        [AccountChanges.PasswordReset] = async (test, actor, vera) => (await test.Users.ResetPasswordAsync(actor, vera, Cancelled)).Problem,
        [AccountChanges.UserRemoved] = async (test, actor, vera) => (await test.Users.RemoveAsync(actor, vera, Cancelled)).Problem,
        [AccountChanges.SessionsEnded] = (test, actor, _) =>
            test._app.Services.GetRequiredService<OwnSessions>().EndAsync(actor, null, Cancelled),
        [AccountChanges.PasskeyRemoved] = (test, actor, _) =>
            test.PasskeysAsync(actor, (passkeys, id) => passkeys.RemoveAsync(actor, id, Cancelled)),
        [AccountChanges.PasskeyRenamed] = (test, actor, _) =>
            test.PasskeysAsync(actor, (passkeys, id) => passkeys.RenameAsync(actor, id, "mine", Cancelled)),
    };

    private FakeCollector _collector = default!;
    private WebApp _app = default!;
    private string _vera = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Changes => [.. Verbs.Keys];

    private UserAccounts Users => _app.Services.GetRequiredService<UserAccounts>();

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
        await _app.AddUserAsync(Vera, Roles.Viewer);
        _vera = (await UserAsync(Vera))!.Id;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_WithoutTheCurrentPassword_IsRefused_WithItIsDoneAndRecorded(string change)
    {
        var user = await ActorAsync();
        var before = await AccountsAsync();
        await AgeSessionsAsync();

        Assert.Equal(StepUp.PasswordNeeded, await Verbs[change](this, new AccountActor(user, null, null), _vera));
        Assert.Equal(StepUp.WrongPassword, await Verbs[change](this, new AccountActor(user, "a wrong password", null), _vera));
        Assert.Equal(before, await AccountsAsync());
        Assert.Empty(_collector.Accounts);

        Assert.Null(await Verbs[change](this, new AccountActor(user, WebApp.Password, IPAddress.Parse("203.0.113.9")), _vera));
        Assert.True(_collector.Accounts.TryDequeue(out var record));
        Assert.Equal(
            (change, WebApp.Admin, "203.0.113.9"),
            (
                record.Change.Change,
                record.Token.GetClaim(CollectorToken.NameClaim).Value,
                record.Token.GetClaim(CollectorToken.AddressClaim).Value
            )
        );
        Assert.Equal(
            (CollectorToken.ActScope, CollectorRoutes.AuditAccounts),
            (record.Token.GetClaim(CollectorToken.ScopeClaim).Value, record.Token.GetClaim(CollectorToken.PathClaim).Value)
        );
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_RightAfterSigningIn_NeedsNoPassword(string change) =>
        Assert.Null(await Verbs[change](this, new AccountActor(await ActorAsync(), null, null), _vera));

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_CannotBeRecorded_IsNotDone(string change)
    {
        var user = await ActorAsync();
        var before = await AccountsAsync();
        _collector.AccountsRefusal = 503;

        var problem = await Verbs[change](this, new AccountActor(user, null, null), _vera);

        Assert.StartsWith("Nothing was changed, because no Collector could record it.", problem, StringComparison.Ordinal);
        Assert.Contains("The audit trail cannot be written.", problem, StringComparison.Ordinal);
        Assert.Equal(before, await AccountsAsync());
    }

    [Fact]
    public async Task StepUp_GuessingWithACopiedCookie_IsSlowedDownAndAffectsNoOtherSession()
    {
        var user = await ActorAsync();
        await AgeSessionsAsync();
        for (var i = 0; i < FailedAttempts.FreeFromOnePlace; i++)
        {
            await Users.AddAsync(new AccountActor(user, $"guess {i}", null), "mallory", Roles.Operator, Cancelled);
        }

        Assert.Equal(
            StepUp.WrongPassword,
            (await Users.AddAsync(new AccountActor(user, WebApp.Password, null), "mallory", Roles.Operator, Cancelled)).Problem
        );
        using var owner = new Browserless(_app);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task OwnPassword_IsChangedOnlyWithARecord()
    {
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync(Vera, WebApp.Password, Cancelled);
        _collector.AccountsRefusal = 503;
        Assert.Contains("no Collector could record it", await ChangeAsync(), StringComparison.Ordinal);
        Assert.True(await IsPasswordAsync(WebApp.Password));

        _collector.AccountsRefusal = null;
        await ChangeAsync();

        Assert.True(await IsPasswordAsync("another long password"));
        Assert.Equal(new AccountChange(AccountChanges.PasswordChanged, Vera), Assert.Single(_collector.Accounts).Change);

        async Task<string> ChangeAsync()
        {
            var form = await visitor.FormAsync("/account", Cancelled);
            (form["_handler"], form["Form.Present"], form["Form.Wanted"]) = ("password", WebApp.Password, "another long password");
            return await (await visitor.PostAsync("/account", form, Cancelled)).Content.ReadAsStringAsync(Cancelled);
        }
    }

    [Fact]
    public async Task Pages_SignInIsOld_AskForThePassword()
    {
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
        Assert.DoesNotContain("Your own password", await PageAsync(), StringComparison.Ordinal);

        await AgeSessionsAsync();

        Assert.Contains("Your own password", await PageAsync(), StringComparison.Ordinal);

        async Task<string> PageAsync() => await (await visitor.GetAsync("/users", Cancelled)).Content.ReadAsStringAsync(Cancelled);
    }

    private async Task<ClaimsPrincipal> ActorAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<IdentityUser>>();
        var admin = (await manager.UserManager.FindByNameAsync(WebApp.Admin))!;
        var principal = await manager.CreateUserPrincipalAsync(admin);
        var store = _app.Services.GetRequiredService<SessionStore>();
        await store.OpenAsync(new SessionOpening(admin.Id, WebApp.Admin, null, "another browser", null), Cancelled);
        var session = await store.OpenAsync(new SessionOpening(admin.Id, WebApp.Admin, null, null, null), Cancelled);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(SessionClaim.Type, session));
        await manager.UserManager.AddOrUpdatePasskeyAsync(
            admin,
            new UserPasskeyInfo([1, 2, 3], [4], TimeProvider.System.GetUtcNow(), 0, [], true, false, false, [], []) { Name = "key" }
        );
        return principal;
    }

    private async Task<string?> PasskeysAsync(AccountActor actor, Func<OwnPasskeys, string, Task<string?>> change)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var passkeys = scope.ServiceProvider.GetRequiredService<OwnPasskeys>();
        return await change(passkeys, Assert.Single(await passkeys.ListAsync(actor.User)).Id);
    }

    /// <summary>Makes every sign-in too old to confirm a change by itself.</summary>
    private async Task AgeSessionsAsync()
    {
        var then = TimeProvider.System.GetUtcNow() - StepUp.Fresh - TimeSpan.FromSeconds(1);
        await using var scope = _app.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<AccountsDb>()
            .Sessions.ExecuteUpdateAsync(set => set.SetProperty(session => session.Opened, then), Cancelled);
    }

    /// <summary>Everything that a change could have modified.</summary>
    private async Task<string> AccountsAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var users = await db
            .Users.AsNoTracking()
            .OrderBy(user => user.UserName)
            .Select(user => $"{user.UserName} {user.PasswordHash} {user.LockoutEnd} {user.SecurityStamp}")
            .ToListAsync(Cancelled);
        var roles = await db
            .UserRoles.AsNoTracking()
            .OrderBy(role => role.UserId)
            .Select(role => $"{role.UserId} {role.RoleId}")
            .ToListAsync(Cancelled);
        var passkeys = await db.UserPasskeys.AsNoTracking().Select(passkey => passkey.Data.Name).ToListAsync(Cancelled);
        return string.Join('\n', [.. users, .. roles, .. passkeys, $"{await db.Sessions.CountAsync(Cancelled)} sessions"]);
    }

    private async Task<IdentityUser?> UserAsync(string name)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>().FindByNameAsync(name);
    }

    private async Task<bool> IsPasswordAsync(string password)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        return await users.CheckPasswordAsync((await users.FindByNameAsync(Vera))!, password);
    }
}
