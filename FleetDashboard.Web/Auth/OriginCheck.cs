namespace FleetDashboard.Web.Auth;

/// <summary>
/// Rejects requests that another site's page sends with this browser's cookie: changes, and everything for a Blazor circuit.
/// <c>SameSite=Lax</c> does not stop pages of the same site, which include every port and every sibling domain of this host.
/// </summary>
internal static class OriginCheck
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string Hub = "/_blazor";

    /// <summary>
    /// Runs before routing, so no route is missed. The provider's back-channel call does not come from a browser, and its token is signed.
    /// </summary>
    public static void UseOriginCheck(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                var request = context.Request;
                if (
                    (ChangesState(request.Method) || WebSocketUpgrade.IsRequested(context) || request.Path.StartsWithSegments(Hub, out _))
                    && !IsOwn(request)
                )
                {
                    await TypedResults
                        .Problem(
                            "Another site's page sent this request, so nothing was done. Open the dashboard and repeat it there. "
                                + "A reverse proxy must pass on the browser's Host header, including the port.",
                            statusCode: StatusCodes.Status403Forbidden
                        )
                        .ExecuteAsync(context);
                    return;
                }
                await next(context);
            }
        );

    private static bool ChangesState(string method) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));

    // Programs other than browsers send neither header, and do not carry a user's cookie.
    private static bool IsOwn(HttpRequest request) =>
        request.Headers[FetchSite].All(site => site is "same-origin" or "none")
        && request.Headers.Origin.All(origin => Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsSame(from, request));

    private static bool IsSame(Uri origin, HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && (
            Uri.Compare(origin, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            || IsBehindTls(origin, own, request)
        );

    // A proxy that ends TLS but is not listed: the page came from https://name, while the request has http and the name without a port. If
    // the connection's local port is not 80, the name without a port can only be the proxy's.
    private static bool IsBehindTls(Uri origin, Uri own, HttpRequest request) =>
        origin.Scheme == Uri.UriSchemeHttps
        && origin.IsDefaultPort
        && !request.IsHttps
        && request.Host.Port is null
        && request.HttpContext.Connection.LocalPort != own.Port
        && origin.Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase);
}
