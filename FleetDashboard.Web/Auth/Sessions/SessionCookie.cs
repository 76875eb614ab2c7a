using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// Ties the cookie to its session. Signing in opens a session, signing out ends it, and a cookie without a session is rejected.
/// </summary>
internal sealed partial class SessionCookie(
    SessionStore sessions,
    SessionCheck check,
    SignInMethod method,
    IOptions<AccountsOptions> options,
    ILogger<SessionCookie> logger
) : CookieAuthenticationEvents
{
    // Stored beside the address, which is only displayed. Which addresses form one network is decided where the browser connects.
    private const string NetworkItem = "fleet.network";

    public override async Task SigningIn(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        await EndAsync(http); // ends this browser's previous session, whose cookie is about to be overwritten
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
            if (!method.IsLocal)
            {
                // The session was ended, not just expired: an expired session's cookie has expired too and does not get here.
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
    /// Identity rebuilds the principal each time it has checked the account, and drops claims that are not the account's. This keeps the
    /// session id.
    /// </summary>
    public static Task KeepSessionAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal?.FindFirst(SessionClaim.Type) is { } claim)
        {
            ((ClaimsIdentity)context.NewPrincipal!.Identity!).AddClaim(claim.Clone());
        }
        return Task.CompletedTask;
    }

    // The browser sends the cookie to every port of this host, so another program there may have copied it. A request with the cookie from
    // another network ends the session.
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

    // Not cancelled with the request: a browser that closed the connection has signed out all the same.
    private async Task EndAsync(HttpContext http)
    {
        if (SessionClaim.KeyOf(http.User) is { } key)
        {
            await sessions.EndAsync(session => session.Id == key, CancellationToken.None);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The session of {Name} was opened from {Opened} and used from {Used}, so it was ended. Set Accounts:BindSessions=none to allow this"
    )]
    private partial void LogMoved(string name, string? opened, System.Net.IPAddress? used);
}
