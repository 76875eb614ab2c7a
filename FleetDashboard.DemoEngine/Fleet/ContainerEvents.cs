using System.Globalization;
using FleetDashboard.DemoEngine.Events;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Publishes container events with the engine's names.</summary>
internal sealed class ContainerEvents(EventHub hub)
{
    private DateTimeOffset _last;

    public void Happened(DemoContainer container, string action, DateTimeOffset at, string? attribute = null, int value = 0)
    {
        var plan = container.Plan;
        var attributes = plan.Labels.Add("image", plan.Image.Name).Add("name", plan.Name);
        if (attribute is not null)
        {
            attributes = attributes.Add(attribute, value.ToString(CultureInfo.InvariantCulture));
        }

        hub.Publish(new DemoEvent("container", action, plan.Id, attributes, After(at)));
    }

    /// <summary>Network events: connect before a container starts, disconnect after it died.</summary>
    public void Network(DemoContainer container, string action, DateTimeOffset at)
    {
        if (container.Plan.Network is { } network)
        {
            var attributes = FleetPlan.NoLabels.Add("container", container.Plan.Id).Add("name", network.Name).Add("type", network.Driver);
            hub.Publish(new DemoEvent("network", action, network.Id, attributes, After(at), network.Scope));
        }
    }

    // No two events have the same time: a client resumes a broken stream at the time of the last event it received.
    private DateTimeOffset After(DateTimeOffset at) => _last = at > _last ? at : _last.AddMicroseconds(1);
}
