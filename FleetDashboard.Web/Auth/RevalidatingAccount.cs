using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Checks the session of an open page every few seconds. The page ends when the session has ended. For a local account it also ends when
/// the account is deleted, its security stamp changes (new password, revocation) or its roles change.
/// </summary>
internal sealed class RevalidatingAccount(ILoggerFactory loggers, SessionCheck check, IOptions<AccountsOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => options.Value.RevalidateEvery;

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    ) => check.IsValidAsync(authenticationState.User, cancellationToken);
}
