using System.Security.Claims;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Auth.Sessions;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// What an operator may do with local accounts. Changes run one at a time, so that two operators cannot remove each other's role. Each
/// change is confirmed by its operator, recorded in the audit trail before it is committed, and ends the user's sessions. The last operator
/// cannot be removed, and operators cannot remove themselves.
/// </summary>
internal sealed partial class UserAccounts(
    IServiceScopeFactory scopes,
    SessionStore sessions,
    SessionCheck check,
    StepUp stepUp,
    AccountTrail trail,
    TimeProvider time,
    ILogger<UserAccounts> logger
) : IDisposable
{
    public const int MaxName = 64;

    private static readonly UserChange NotAllowed = UserChange.Refuse("Only an operator may change users. Sign in again.");
    private static readonly UserChange NoSuchUser = UserChange.Refuse("This user no longer exists.");
    private static readonly UserChange LastOperator = UserChange.Refuse(
        "This is the last operator who can sign in. Make another user operator first."
    );

    private readonly SemaphoreSlim _oneChange = new(1, 1);

    public async Task<IReadOnlyList<UserRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var now = time.GetUtcNow();
        var users = await db.Users.AsNoTracking().ToListAsync(cancellationToken);
        var roles = (
            await (
                from link in db.UserRoles
                join role in db.Roles on link.RoleId equals role.Id
                select new { link.UserId, role.Name }
            ).ToListAsync(cancellationToken)
        ).ToLookup(link => link.UserId, link => link.Name!);
        var seen = (
            await db
                .Sessions.AsNoTracking()
                .Where(session => session.Issuer == null && session.Expires > now)
                .ToListAsync(cancellationToken)
        ).ToLookup(session => session.UserId, session => session.LastSeen);
        return
        [
            .. users
                .OrderBy(user => user.UserName, StringComparer.OrdinalIgnoreCase)
                .Select(user => new UserRow(
                    user.Id,
                    user.UserName!,
                    roles[user.Id].Contains(Roles.Operator) ? Roles.Operator : roles[user.Id].FirstOrDefault(),
                    IsLocked(user),
                    seen[user.Id].Any() ? seen[user.Id].Max() : null
                )),
        ];
    }

    /// <summary>Adds a user with a generated password, which is shown once.</summary>
    public Task<UserChange> AddAsync(AccountActor actor, string? name, string? role, CancellationToken cancellationToken) =>
        ChangeAsync(
            actor,
            async users =>
            {
                if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > MaxName || !IsRole(role))
                {
                    return UserChange.Refuse($"A user needs a name of at most {MaxName} characters and a role.");
                }
                var user = new IdentityUser(name.Trim());
                var password = GeneratedPassword.New();
                if (await users.CreateAsync(user, password) is { Succeeded: false } failed)
                {
                    return Refused(failed);
                }
                return Done(await users.AddToRoleAsync(user, role!), AccountChanges.UserAdded, "added", user, password);
            },
            cancellationToken
        );

    public Task<UserChange> SetRoleAsync(AccountActor actor, string id, string? role, CancellationToken cancellationToken) =>
        ChangeAsync(
            actor,
            id,
            async (users, user) =>
            {
                if (!IsRole(role))
                {
                    return UserChange.Refuse("Choose a role.");
                }
                if (role != Roles.Operator && await IsLastOperatorAsync(users, user))
                {
                    return LastOperator;
                }
                if (await users.RemoveFromRolesAsync(user, await users.GetRolesAsync(user)) is { Succeeded: false } failed)
                {
                    return Refused(failed);
                }
                return Done(
                    await users.AddToRoleAsync(user, role!),
                    role == Roles.Operator ? AccountChanges.MadeOperator : AccountChanges.MadeViewer,
                    $"made {role}",
                    user
                );
            },
            cancellationToken
        );

    public Task<UserChange> LockAsync(AccountActor actor, string id, bool locked, CancellationToken cancellationToken) =>
        ChangeAsync(
            actor,
            id,
            async (users, user) =>
            {
                if (locked && await IsLastOperatorAsync(users, user))
                {
                    return LastOperator;
                }
                await users.SetLockoutEnabledAsync(user, true);
                await users.ResetAccessFailedCountAsync(user);
                return Done(
                    await users.SetLockoutEndDateAsync(user, locked ? DateTimeOffset.MaxValue : null),
                    locked ? AccountChanges.UserLocked : AccountChanges.UserUnlocked,
                    locked ? "locked" : "unlocked",
                    user
                );
            },
            cancellationToken
        );

    public Task<UserChange> ResetPasswordAsync(AccountActor actor, string id, CancellationToken cancellationToken) =>
        ChangeAsync(
            actor,
            id,
            async (users, user) =>
            {
                var password = GeneratedPassword.New();
                user.PasswordHash = users.PasswordHasher.HashPassword(user, password);

                // A new password is set when the old one may be known to an attacker. A passkey that the attacker added must not remain.
                var passkeys = await users.GetPasskeysAsync(user);
                foreach (var passkey in passkeys)
                {
                    if (await users.RemovePasskeyAsync(user, passkey.CredentialId) is { Succeeded: false } failed)
                    {
                        return Refused(failed);
                    }
                }
                return Done(
                    await users.UpdateAsync(user),
                    AccountChanges.PasswordReset,
                    passkeys.Count == 0 ? "given a new password" : "given a new password, and all passkeys were removed",
                    user,
                    password
                );
            },
            cancellationToken
        );

    public Task<UserChange> RemoveAsync(AccountActor actor, string id, CancellationToken cancellationToken) =>
        ChangeAsync(
            actor,
            id,
            async (users, user) =>
            {
                if (user.Id == actor.User.FindFirstValue(ClaimTypes.NameIdentifier))
                {
                    return UserChange.Refuse("You cannot remove your own account. Another operator can.");
                }
                return await IsLastOperatorAsync(users, user)
                    ? LastOperator
                    : Done(await users.DeleteAsync(user), AccountChanges.UserRemoved, "removed", user);
            },
            cancellationToken
        );

    public void Dispose() => _oneChange.Dispose();

    private async Task<UserChange> ChangeAsync(
        AccountActor actor,
        string id,
        Func<UserManager<IdentityUser>, IdentityUser, Task<UserChange>> change,
        CancellationToken cancellationToken
    )
    {
        var outcome = await ChangeAsync(
            actor,
            async users =>
            {
                if (await users.FindByIdAsync(id) is not { } user)
                {
                    return NoSuchUser;
                }
                var outcome = await change(users, user);
                if (outcome is { Problem: null } and not { Change: AccountChanges.UserRemoved })
                {
                    await users.UpdateSecurityStampAsync(user); // invalidates every principal that is still in use
                }
                return outcome;
            },
            cancellationToken
        );
        if (outcome.Problem is null)
        {
            await sessions.EndAsync(session => session.UserId == id && session.Issuer == null, CancellationToken.None);
        }
        return outcome;
    }

    private async Task<UserChange> ChangeAsync(
        AccountActor actor,
        Func<UserManager<IdentityUser>, Task<UserChange>> change,
        CancellationToken cancellationToken
    )
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            if (!actor.User.IsInRole(Roles.Operator) || !await check.IsValidAsync(actor.User, cancellationToken))
            {
                return NotAllowed;
            }
            if (await stepUp.ConfirmAsync(actor, cancellationToken) is { } objection)
            {
                return UserChange.Refuse(objection);
            }
            await using var scope = scopes.CreateAsyncScope();

            // Make the change, record it, then commit. If recording fails, the transaction is rolled back.
            await using var transaction = await scope
                .ServiceProvider.GetRequiredService<AccountsDb>()
                .Database.BeginTransactionAsync(cancellationToken);
            var outcome = await change(scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>());
            if (outcome.Problem is not null)
            {
                return outcome;
            }
            if (
                await trail.RecordAsync(
                    SignedInCaller.From(actor.User, actor.Address?.ToString()),
                    outcome.Change,
                    outcome.Name,
                    cancellationToken
                ) is
                { } trouble
            )
            {
                return UserChange.Refuse(trouble);
            }
            await transaction.CommitAsync(CancellationToken.None);
            LogChanged(outcome.Name, outcome.What, actor.User.Identity?.Name);
            return outcome;
        }
        finally
        {
            _oneChange.Release();
        }
    }

    private async Task<bool> IsLastOperatorAsync(UserManager<IdentityUser> users, IdentityUser user)
    {
        var able = (await users.GetUsersInRoleAsync(Roles.Operator)).Where(other => !IsLocked(other)).ToList();
        return able.Count == 1 && able[0].Id == user.Id;
    }

    // A lock set by an operator. The five-minute lock after wrong passwords does not count, because it ends by itself.
    private bool IsLocked(IdentityUser user) => user.LockoutEnd > time.GetUtcNow().AddDays(1);

    private static bool IsRole(string? role) => role is Roles.Viewer or Roles.Operator;

    private static UserChange Done(IdentityResult result, string change, string what, IdentityUser user, string? password = null) =>
        result.Succeeded ? new UserChange(null, change, what, user.UserName!, password) : Refused(result);

    private static UserChange Refused(IdentityResult result) =>
        UserChange.Refuse(string.Join(" ", result.Errors.Select(error => error.Description)));

    [LoggerMessage(LogLevel.Information, "User {Name} was {What} by {Actor}")]
    private partial void LogChanged(string name, string what, string? actor);
}

/// <summary>A row of the users page.</summary>
internal sealed record UserRow(string Id, string Name, string? Role, bool Locked, DateTimeOffset? Seen);

/// <summary>The result of a change: a problem, or what was done to whom, with the password that is shown only this once.</summary>
internal sealed record UserChange(string? Problem, string Change, string What, string Name, string? Password)
{
    public static UserChange Refuse(string problem) => new(problem, "", "", "", null);
}
