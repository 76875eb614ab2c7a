using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Waits until a started container works: until its health check passes, or, without a health check, until it has run for <see
/// cref="Proof"/> without a restart.
/// </summary>
internal sealed class HealthWait(EngineContainers engine, TimeProvider time)
{
    /// <summary>How long a container without a health check must run.</summary>
    public static readonly TimeSpan Proof = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <exception cref="FailedStartException">The container exited, restarted, became unhealthy, or did not become healthy in
    /// time.</exception>
    public async Task WaitAsync(string id, Action<string> report, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var announced = false;
        while (true)
        {
            var container =
                await engine.InspectAsync(id, cancellationToken) ?? throw new FailedStartException("The new container was " + "removed.");
            var state = container["State"]!;
            var status = (string?)state["Status"];
            if (status == "restarting" || (int?)container["RestartCount"] > 0)
            {
                throw new FailedStartException(
                    $"The new container is restarting{(status == "restarting" ? $", exit code {(int?)state["ExitCode"]}" : "")}."
                );
            }

            if (status != "running")
            {
                throw new FailedStartException($"The new container exited with code {(int?)state["ExitCode"]}.");
            }

            var waited = time.GetElapsedTime(started);
            switch ((string?)state["Health"]?["Status"])
            {
                case "healthy":
                    return;
                case "unhealthy":
                    throw new FailedStartException($"The new container is unhealthy{LastProbe(state)}.");
                case "starting" when waited > WaitLimits.Health(container["Config"]?["Healthcheck"]):
                    throw new FailedStartException(
                        $"The new container did not become healthy within {Format.RoughDuration(waited)}{LastProbe(state)}."
                    );
                case "starting" when !announced:
                    announced = true;
                    report(
                        $"Waiting up to {Format.RoughDuration(WaitLimits.Health(container["Config"]?["Healthcheck"]))} until it is healthy."
                    );
                    break;
                case not "starting" when waited >= Proof:
                    return;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static string LastProbe(JsonNode state)
    {
        const int longest = 200;
        var output = ((string?)(state["Health"]?["Log"] as JsonArray)?.LastOrDefault()?["Output"])?.Trim().ReplaceLineEndings(" ");
        return string.IsNullOrEmpty(output)
            ? ""
            : $" (health check output: " + $"{(output.Length > longest ? output[..longest] + "…" : output)})";
    }
}

/// <summary>A new container exited, restarted or did not become healthy.</summary>
internal sealed class FailedStartException(string message) : Exception(message);
