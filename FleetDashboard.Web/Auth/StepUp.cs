using System.Net;
using System.Security.Claims;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Required before an account is changed: the user signed in a moment ago, or enters the password again. A copied cookie or an unattended
/// page therefore cannot be turned into permanent access.
/// </summary>
internal sealed class StepUp(IServiceScopeFactory scopes, SessionCheck check, FailedAttempts attempts, TimeProvider time)
{
    /// <summary>How long after signing in no confirmation is needed.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public const string WrongPassword =
        "The current password is wrong, or there were too many wrong attempts. Wait a few minutes, then try again.";
    public const string PasswordNeeded = "Nothing was changed. Confirm it with your own password.";
    public const string SignInNeeded = "Nothing was changed. Sign out, sign in again and repeat it within five minutes.";

    public async Task<bool> IsFreshAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await check.FindAsync(user, recent: false, cancellationToken) is { } session && time.GetUtcNow() - session.Opened <= Fresh;

    /// <summary>The problem, or null if the sign-in is recent or the password is right.</summary>
    public async Task<string?> ConfirmAsync(AccountActor actor, CancellationToken cancellationToken) =>
        await IsFreshAsync(actor.User, cancellationToken) ? null : await ProveAsync(actor, cancellationToken);

    /// <summary>The problem, or null if the password is right. A recent sign-in is not enough.</summary>
    public async Task<string?> ProveAsync(AccountActor actor, CancellationToken cancellationToken)
    {
        if (await check.FindAsync(actor.User, recent: false, cancellationToken) is not { } session)
        {
            return SignInNeeded;
        }
        if (session.Issuer is not null)
        {
            return SignInNeeded; // The password is at the provider.
        }
        if (string.IsNullOrEmpty(actor.Password))
        {
            return PasswordNeeded;
        }
        var place = AttemptPlace.Session(session.Id);
        if (!attempts.TryBegin(session.UserId, place))
        {
            return WrongPassword;
        }
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        if (await users.FindByIdAsync(session.UserId) is not { } user || !await users.CheckPasswordAsync(user, actor.Password))
        {
            return WrongPassword;
        }
        attempts.Succeeded(session.UserId, place);
        return null;
    }
}

/// <summary>Who changes an account, from where, and with which proof.</summary>
/// <param name="User">The signed-in user.</param>
/// <param name="Password">The user's current password. Null if none was entered.</param>
/// <param name="Address">Where the request came from, for the audit trail.</param>
internal sealed record AccountActor(ClaimsPrincipal User, string? Password, IPAddress? Address)
{
    public static AccountActor From(HttpContext context, string? password) =>
        new(context.User, password, context.Connection.RemoteIpAddress);
}
