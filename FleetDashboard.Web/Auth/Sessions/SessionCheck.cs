using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// The only check of whether a signed-in user is still valid. Used for the cookie, for open pages and for every other connection that
/// outlives a request.
/// </summary>
internal sealed class SessionCheck(IServiceScopeFactory scopes, SessionStore sessions, SignInMethod method)
{
    /// <summary>The session of a principal, if it is open and was created with the sign-in method that is configured now.</summary>
    public async Task<Session?> FindAsync(ClaimsPrincipal principal, bool recent, CancellationToken cancellationToken)
    {
        if (SessionClaim.KeyOf(principal) is not { } key)
        {
            return null;
        }
        var session = recent ? await sessions.FindRecentAsync(key, cancellationToken) : await sessions.FindAsync(key, cancellationToken);
        return
            session is not null && session.Issuer == method.Issuer && session.UserId == principal.FindFirstValue(ClaimTypes.NameIdentifier)
            ? session
            : null;
    }

    /// <summary>Whether the session is open and, for a local account, its security stamp and roles are unchanged.</summary>
    public async Task<bool> IsValidAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
        await FindAsync(principal, recent: false, cancellationToken) is { } session
        && (session.Issuer is not null || await IsUnchangedAsync(principal));

    private async Task<bool> IsUnchangedAsync(ClaimsPrincipal principal)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<IdentityUser>>();
        var user = await manager.ValidateSecurityStampAsync(principal);
        return user is not null && SameRoles(principal, await manager.UserManager.GetRolesAsync(user));
    }

    private static bool SameRoles(ClaimsPrincipal principal, IEnumerable<string> roles) =>
        principal.FindAll(ClaimTypes.Role).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal).SetEquals(roles);
}
