using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>Lists containers, networks and services: on request, and once per <see cref="EngineOptions.ReconcileInterval"/>.</summary>
internal sealed class ListLoop(
    EngineClient engine,
    EngineRequests requests,
    CollectorProblems problems,
    SignalQueue signals,
    IOptions<EngineOptions> options,
    TimeProvider time
) : ISessionLoop
{
    private const string NetworksTopic = "networks",
        ServicesTopic = "services",
        ClockTopic = "clock";

    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(1);

    public async Task RunAsync(HostFacts host, CancellationToken cancellationToken)
    {
        while (true)
        {
            await requests.Lists.WaitToReadAsync(options.Value.ReconcileInterval, time, cancellationToken);
            requests.Lists.TryRead(out _);
            await signals.WriteAsync(await ListAsync(cancellationToken), cancellationToken);
            await Task.Delay(ShortestGap, time, cancellationToken);
        }
    }

    private async Task<Signal> ListAsync(CancellationToken cancellationToken)
    {
        var networks = OptionalAsync(NetworksTopic, "Networks cannot be shown.", engine.NetworksAsync, cancellationToken);
        var list = await engine.ListAsync(cancellationToken);
        var services = list.Containers.Any(container => container.Labels.ContainsKey(ServiceList.IdLabel))
            ? await OptionalAsync(ServicesTopic, "Ports that the Swarm publishes cannot be shown.", engine.ServicesAsync, cancellationToken)
            : null;
        if (engine.Clock.Set(list.Sent))
        {
            // The engine's clock moved against ours: all of its times have to be translated again.
            foreach (var container in list.Containers)
            {
                requests.Inspect(container.Id);
            }
        }

        problems.Set(ClockTopic, engine.Clock.Warning);
        return new Signal.Listed(time.GetUtcNow(), list, await networks, services);
    }

    // A refused or malformed answer becomes a warning, and the containers are shown without it.
    private async Task<T?> OptionalAsync<T>(
        string topic,
        string consequence,
        Func<CancellationToken, Task<T>> question,
        CancellationToken cancellationToken
    )
        where T : struct
    {
        try
        {
            var answer = await question(cancellationToken);
            problems.Set(topic, null);
            return answer;
        }
        catch (Exception refused) when (refused is EngineRefusal or InvalidDataException)
        {
            problems.Set(topic, $"{consequence} {refused.Message}");
            return null;
        }
    }
}
