using FleetDashboard.Collector.Sampling;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Api;

/// <summary>Whoever asks for figures looks at them; only the stream may say that nobody does.</summary>
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
