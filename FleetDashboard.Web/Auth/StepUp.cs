using System.Net;
using System.Security.Claims;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Before an account is changed: whoever sits there signed in a moment ago, or gives the password once more. So a copied cookie or an open
/// page does not become a way in that stays.
/// </summary>
internal sealed class StepUp(IServiceScopeFactory scopes, SessionCheck check, FailedAttempts attempts, TimeProvider time)
{
    /// <summary>How long after signing in nothing more is asked.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public const string WrongPassword =
        "The present password is wrong, or there were too many wrong ones. Wait a few minutes, then try again.";
    public const string PasswordNeeded = "Nothing was changed. Confirm it with your own password.";
    public const string SignInNeeded = "Nothing was changed. Sign out, sign in again and repeat it within five minutes.";

    public async Task<bool> IsFreshAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await check.FindAsync(user, recent: false, cancellationToken) is { } session && time.GetUtcNow() - session.Opened <= Fresh;

    /// <summary>Why not, as a sentence; null when the sign-in is fresh or the password is right.</summary>
    public async Task<string?> ConfirmAsync(AccountActor actor, CancellationToken cancellationToken) =>
        await IsFreshAsync(actor.User, cancellationToken) ? null : await ProveAsync(actor, cancellationToken);

    /// <summary>Why not, as a sentence; null when the password is right, however fresh the sign-in is.</summary>
    public async Task<string?> ProveAsync(AccountActor actor, CancellationToken cancellationToken)
    {
        if (await check.FindAsync(actor.User, recent: false, cancellationToken) is not { } session)
        {
            return SignInNeeded;
        }
        if (session.Issuer is not null)
        {
            return SignInNeeded; // the provider has the password
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
/// <param name="Password">Their present password; null where none was given.</param>
/// <param name="Address">Where the request came from, for the record.</param>
internal sealed record AccountActor(ClaimsPrincipal User, string? Password, IPAddress? Address)
{
    public static AccountActor From(HttpContext context, string? password) =>
        new(context.User, password, context.Connection.RemoteIpAddress);
}
