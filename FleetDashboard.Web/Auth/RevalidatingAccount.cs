using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Looks the account behind an open page up again every few seconds. The page ends when the account is gone, its security stamp
/// changed (password, revocation) or its roles are no longer those it was opened with.
/// </summary>
internal sealed class RevalidatingAccount(ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<AccountsOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => options.Value.RevalidateEvery;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        IsValidAsync(scopes, authenticationState.User);

    /// <summary>Whether the account still is what it was when this principal was made: for everything that stays open longer than a request.</summary>
    internal static async Task<bool> IsValidAsync(IServiceScopeFactory scopes, ClaimsPrincipal principal)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<IdentityUser>>();
        var user = await manager.ValidateSecurityStampAsync(principal);
        return user is not null && SameRoles(principal, await manager.UserManager.GetRolesAsync(user));
    }

    internal static bool SameRoles(ClaimsPrincipal principal, IEnumerable<string> roles) =>
        principal.FindAll(ClaimTypes.Role).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal).SetEquals(roles);
}
