using FleetDashboard.Collector.Sampling;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Api;

/// <summary>A request for the snapshot or its parts counts as a viewer. Only the stream can say that no viewer is present.</summary>
internal sealed class ViewerPresenceFilter(ViewerPresence viewers) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.Path != CollectorRoutes.FleetStream)
        {
            viewers.Touch();
        }

        return next(context);
    }
}
