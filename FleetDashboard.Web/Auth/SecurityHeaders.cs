namespace FleetDashboard.Web.Auth;

/// <summary>Response headers for the browser: only our own files run, no site may frame us, no type sniffing, no referrer.</summary>
internal static class SecurityHeaders
{
    // No page has inline scripts or inline styles. Computed sizes are SVG attributes.
    public const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Runs before the framework's host check, so that its rejections carry the headers too.</summary>
    public static void AddSecurityHeaders(this WebApplicationBuilder builder) =>
        builder.Services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, First>());

    // Set when the response starts, so that errors carry them too: the error page first clears all headers.
    private static void UseSecurityHeaders(IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(
                    static state =>
                    {
                        Set(((HttpContext)state).Response.Headers);
                        return Task.CompletedTask;
                    },
                    context
                );
                return next(context);
            }
        );

    private static void Set(IHeaderDictionary headers)
    {
        // Keep a stricter policy that a route has set: a download's own policy is a sandbox.
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
        }
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private sealed class First : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                UseSecurityHeaders(app);
                next(app);
            };
    }
}
