using FleetDashboard.Web.Components.Actions;
using FleetDashboard.Web.Components.Layout;
using FleetDashboard.Web.Components.Pages.Activity;

namespace FleetDashboard.Web.Components;

/// <summary>The pages, and their files, which tell nothing and are open to all.</summary>
internal static class PagesServices
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets(); // run from a build, not published, in any environment
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddScoped<PageQuery>();
        builder.Services.AddScoped<ActionPrompt>();
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapTrailExport();
        app.MapStaticAssets().AllowAnonymous();
        // SecurityHeaders says it for every answer
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
