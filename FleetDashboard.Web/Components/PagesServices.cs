using FleetDashboard.Web.Components.Actions;
using FleetDashboard.Web.Components.Layout;
using FleetDashboard.Web.Components.Pages.Activity;

namespace FleetDashboard.Web.Components;

/// <summary>The pages, and their static files. The files contain no data and need no sign-in.</summary>
internal static class PagesServices
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets(); // needed to run from a build output, in any environment
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddScoped<PageQuery>();
        builder.Services.AddScoped<ActionPrompt>();
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapTrailExport();
        app.MapStaticAssets().AllowAnonymous();
        // SecurityHeaders sets this header on every response.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
