namespace FleetDashboard.Web.Clients;

/// <summary>
/// The headers for bytes that are relayed from a Collector. None of them is the Collector's choice: a page or a script sent by a hijacked
/// Collector would otherwise run on this origin, in the session of the user who followed a link.
/// </summary>
internal static class RelayedFile
{
    /// <summary>The browser runs nothing of the content and gives it no origin.</summary>
    public const string Policy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets type and policy of an answer. With <paramref name="disposition"/> it is saved as a file and never shown.</summary>
    public static void Describe(HttpResponse response, string contentType, string? disposition = null)
    {
        response.ContentType = contentType;
        response.Headers.ContentDisposition = disposition;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
    }
}
