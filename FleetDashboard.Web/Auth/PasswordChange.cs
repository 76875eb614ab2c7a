using System.Net;
using System.Security.Claims;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// A user's own change of password. It asks for the present one, with the limits of signing in: whoever found an open page does not get to
/// guess it. All sessions end; this browser is given a new one.
/// </summary>
internal sealed partial class PasswordChange(SignInManager<IdentityUser> manager, SignInLimiter limiter, SessionStore sessions, ILogger<PasswordChange> logger)
{
    /// <summary>Why nothing was changed, or null.</summary>
    public async Task<string?> ChangeAsync(ClaimsPrincipal principal, string? present, string? wanted, IPAddress? from)
    {
        if (!limiter.TryEnter(from))
        {
            return SignIn.TooMany;
        }
        var users = manager.UserManager;
        if (await users.GetUserAsync(principal) is not { } user || !(await manager.CheckPasswordSignInAsync(user, present ?? "", lockoutOnFailure: true)).Succeeded)
        {
            return "The present password is wrong, or the account is locked for a while.";
        }
        if (await users.ChangePasswordAsync(user, present!, wanted ?? "") is { Succeeded: false } refused)
        {
            return string.Join(" ", refused.Errors.Select(error => error.Description));
        }
        await sessions.EndAsync(session => session.UserId == user.Id && session.Issuer == null, CancellationToken.None);
        await manager.RefreshSignInAsync(user);
        LogChanged(user.UserName);
        return null;
    }

    [LoggerMessage(LogLevel.Information, "{Name} changed their password")]
    private partial void LogChanged(string? name);
}
