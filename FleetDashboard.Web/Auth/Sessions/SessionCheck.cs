using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// The one answer to "is this still who signed in, and may they still be here?", for the cookie, for open pages and for whatever else stays
/// open longer than a request.
/// </summary>
internal sealed class SessionCheck(IServiceScopeFactory scopes, SessionStore sessions, SignInWay way)
{
    /// <summary>The session behind a principal, if it is open and was made in the way in which one signs in here today.</summary>
    public async Task<Session?> FindAsync(ClaimsPrincipal principal, bool recent, CancellationToken cancellationToken)
    {
        if (SessionClaim.KeyOf(principal) is not { } key)
        {
            return null;
        }
        var session = recent ? await sessions.FindRecentAsync(key, cancellationToken) : await sessions.FindAsync(key, cancellationToken);
        return session is not null && session.Issuer == way.Issuer && session.UserId == principal.FindFirstValue(ClaimTypes.NameIdentifier)
            ? session
            : null;
    }

    /// <summary>The session is open and, for a local account, its security stamp and its roles are those of then.</summary>
    public async Task<bool> IsWelcomeAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
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
