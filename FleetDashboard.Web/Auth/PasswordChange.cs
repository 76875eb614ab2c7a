using FleetDashboard.Contracts;
using FleetDashboard.Web.Auth.Sessions;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// A user's own change of password. It requires the current password, under the sign-in limits, so an attacker at an unattended page cannot
/// guess it. All sessions end, and this browser gets a new one.
/// </summary>
internal sealed partial class PasswordChange(
    SignInManager<IdentityUser> manager,
    AccountsDb db,
    StepUp stepUp,
    AccountTrail trail,
    SessionStore sessions,
    KnownBrowser browsers,
    ILogger<PasswordChange> logger
)
{
    /// <summary>The problem, or null if the password was changed.</summary>
    public async Task<string?> ChangeAsync(AccountActor actor, string? wanted, CancellationToken cancellationToken)
    {
        if (await stepUp.ProveAsync(actor, cancellationToken) is { } objection)
        {
            return objection;
        }
        if (await manager.UserManager.GetUserAsync(actor.User) is not { } user)
        {
            return StepUp.SignInNeeded;
        }
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            if (await manager.UserManager.ChangePasswordAsync(user, actor.Password!, wanted ?? "") is { Succeeded: false } refused)
            {
                return string.Join(" ", refused.Errors.Select(error => error.Description));
            }
            if (
                await trail.RecordAsync(
                    SignedInCaller.From(actor.User, actor.Address?.ToString()),
                    AccountChanges.PasswordChanged,
                    user.UserName!,
                    cancellationToken
                ) is
                { } trouble
            )
            {
                return trouble;
            }
            await transaction.CommitAsync(CancellationToken.None);
        }
        await sessions.EndAsync(session => session.UserId == user.Id && session.Issuer == null, CancellationToken.None);
        await manager.RefreshSignInAsync(user);
        browsers.Remember(manager.Context, user);
        LogChanged(user.UserName);
        return null;
    }

    [LoggerMessage(LogLevel.Information, "{Name} changed their password")]
    private partial void LogChanged(string? name);
}
