using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// Ties the cookie to its session: signing in opens one, signing out ends it, and a cookie whose session is gone is none.
/// </summary>
internal sealed partial class SessionCookie(
    SessionStore sessions,
    SessionCheck check,
    SignInWay way,
    IOptions<AccountsOptions> options,
    ILogger<SessionCookie> logger
) : CookieAuthenticationEvents
{
    // Beside the address, which is for people: what counts as one network is known only where the browser arrives.
    private const string NetworkItem = "fleet.network";

    public override async Task SigningIn(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        await EndAsync(http); // this browser's former one: its cookie is about to be overwritten
        var principal = context.Principal!;
        var id = await sessions.OpenAsync(
            new SessionOpening(
                principal.FindFirstValue(ClaimTypes.NameIdentifier)!,
                principal.Identity?.Name ?? "",
                http.Connection.RemoteIpAddress?.ToString(),
                http.Request.Headers.UserAgent.ToString(),
                context.Properties.GetParameter<ProviderSession>(ProviderSession.Parameter)
            ),
            http.RequestAborted
        );
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(SessionClaim.Type, id));
        context.Properties.Items[NetworkItem] = ClientNetwork.From(http.Connection.RemoteIpAddress);
    }

    public override Task SigningOut(CookieSigningOutContext context) => EndAsync(context.HttpContext);

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (
            await check.FindAsync(context.Principal!, recent: true, context.HttpContext.RequestAborted) is not { } session
            || await HasMovedAsync(session, context)
        )
        {
            context.RejectPrincipal();
            if (!way.IsLocal)
            {
                // ended by somebody: one that has merely expired does not get here, its cookie has too
                SignedOutCookie.Set(context.HttpContext);
            }
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
        else if (session.Issuer is null)
        {
            await SecurityStampValidator.ValidatePrincipalAsync(context);
        }
    }

    /// <summary>
    /// Identity makes the principal anew whenever it has looked at the account; what is not the account's own it would forget.
    /// </summary>
    public static Task KeepSessionAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal?.FindFirst(SessionClaim.Type) is { } claim)
        {
            ((ClaimsIdentity)context.NewPrincipal!.Identity!).AddClaim(claim.Clone());
        }
        return Task.CompletedTask;
    }

    // The cookie is sent to every port of this host, so another program there may have a copy. A copy that is used from elsewhere ends the
    // session.
    private async Task<bool> HasMovedAsync(Session session, CookieValidatePrincipalContext context)
    {
        var used = context.HttpContext.Connection.RemoteIpAddress;
        var opened = context.Properties.Items.TryGetValue(NetworkItem, out var network) ? network : ClientNetwork.From(session.Address);
        if (!options.Value.BindsToAddress || opened == ClientNetwork.From(used))
        {
            return false;
        }
        await sessions.EndAsync(other => other.Id == session.Id, CancellationToken.None);
        LogMoved(session.UserName, session.Address, used);
        return true;
    }

    // Not with the request's token: a browser that has hung up has signed out all the same.
    private async Task EndAsync(HttpContext http)
    {
        if (SessionClaim.KeyOf(http.User) is { } key)
        {
            await sessions.EndAsync(session => session.Id == key, CancellationToken.None);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The session of {Name} was opened from {Opened} and used from {Used}: it has ended. Accounts:BindSessions=none allows it"
    )]
    private partial void LogMoved(string name, string? opened, System.Net.IPAddress? used);
}
