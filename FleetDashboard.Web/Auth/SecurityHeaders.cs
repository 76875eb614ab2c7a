namespace FleetDashboard.Web.Auth;

/// <summary>What every answer tells the browser: only our own files run, nobody frames us, nothing is guessed or leaked.</summary>
internal static class SecurityHeaders
{
    // No inline script and no inline style anywhere: computed sizes are SVG attributes.
    public const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Before the framework's own check of the host, whose refusals carry them too.</summary>
    public static void AddSecurityHeaders(this WebApplicationBuilder builder) =>
        builder.Services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, First>());

    // As the answer starts, so that they are also on errors, whose page first clears every header.
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
        // What a route says more strictly of itself stays: a download's own policy is a sandbox.
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
