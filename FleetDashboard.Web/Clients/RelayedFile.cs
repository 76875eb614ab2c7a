namespace FleetDashboard.Web.Clients;

/// <summary>
/// What is said of bytes that come from a Collector and are passed on. Nothing of it is the Collector's own word: one that answered with a
/// page or a script of its
/// choice would run it on this origin, in the session of whoever followed a link.
/// </summary>
internal static class RelayedFile
{
    /// <summary>Whatever is in the bytes, the browser runs none of it and gives it no origin.</summary>
    public const string Policy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets type and policy of an answer; with <paramref name="disposition"/> it is saved as a file and never shown.</summary>
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
