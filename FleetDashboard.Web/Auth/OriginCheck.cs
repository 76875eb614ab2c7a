namespace FleetDashboard.Web.Auth;

/// <summary>
/// Refuses what another site's page sends with this browser's cookie: requests that change something, and everything of a circuit.
/// <c>SameSite=Lax</c> does not help against pages of the same site, which are every port and every sibling domain of this host.
/// </summary>
internal static class OriginCheck
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string Hub = "/_blazor";

    /// <summary>
    /// Before routing, so that no route is forgotten. The provider's back-channel is no browser, and its token is signed.
    /// </summary>
    public static void UseOriginCheck(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                var request = context.Request;
                if ((Changes(request.Method) || Upgrades.IsOne(context) || request.Path.StartsWithSegments(Hub, out _)) && !IsOwn(request))
                {
                    await TypedResults
                        .Problem(
                            "Another site's page sent this request, so nothing was done. Open this page itself and repeat it there. "
                                + "A reverse proxy must pass the browser's Host on, with its port.",
                            statusCode: StatusCodes.Status403Forbidden
                        )
                        .ExecuteAsync(context);
                    return;
                }
                await next(context);
            }
        );

    private static bool Changes(string method) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));

    // Programs that are no browsers send neither header, and have no cookie of somebody else's.
    private static bool IsOwn(HttpRequest request) =>
        request.Headers[FetchSite].All(site => site is "same-origin" or "none")
        && request.Headers.Origin.All(origin => Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsSame(from, request));

    private static bool IsSame(Uri origin, HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && (
            Uri.Compare(origin, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            || IsBehindTls(origin, own, request)
        );

    // A proxy ends TLS and is not listed: the page came from https://name, and the request says http and the name without a port, where
    // this program does not listen on port 80.
    private static bool IsBehindTls(Uri origin, Uri own, HttpRequest request) =>
        origin.Scheme == Uri.UriSchemeHttps
        && origin.IsDefaultPort
        && !request.IsHttps
        && request.Host.Port is null
        && request.HttpContext.Connection.LocalPort != own.Port
        && origin.Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase);
}
