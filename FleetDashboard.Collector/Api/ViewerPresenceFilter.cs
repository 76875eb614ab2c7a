using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Api;

/// <summary>Whoever asks for figures looks at them; only the stream may say that nobody does.</summary>
internal sealed class ViewerPresenceFilter(ViewerPresence attendance) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.Path != CollectorRoutes.FleetStream)
        {
            attendance.Touch();
        }

        return next(context);
    }
}
