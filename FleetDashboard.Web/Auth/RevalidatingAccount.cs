using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Looks the session behind an open page up again every few seconds. The page ends when the session has, or when a local account is gone,
/// its
/// security stamp changed (password, revocation) or its roles are no longer those it was opened with.
/// </summary>
internal sealed class RevalidatingAccount(ILoggerFactory loggers, SessionCheck check, IOptions<AccountsOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => options.Value.RevalidateEvery;

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    ) => check.IsWelcomeAsync(authenticationState.User, cancellationToken);
}
