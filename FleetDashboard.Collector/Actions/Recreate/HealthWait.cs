using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Waits until a container that was just started is well: healthy where it says so itself, else running for a while without a restart.
/// </summary>
internal sealed class HealthWait(EngineContainers engine, TimeProvider time)
{
    /// <summary>A container without a healthcheck that lived so long counts as well.</summary>
    public static readonly TimeSpan Proof = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <exception cref="NotWellException">It ended, began anew, says that it is unhealthy, or did not become healthy in its own
    /// time.</exception>
    public async Task WaitAsync(string id, Action<string> tell, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var told = false;
        while (true)
        {
            var container = await engine.InspectAsync(id, cancellationToken) ?? throw new NotWellException("The new container is gone.");
            var state = container["State"]!;
            var status = (string?)state["Status"];
            if (status == "restarting" || (int?)container["RestartCount"] > 0)
            {
                throw new NotWellException(
                    $"The new container restarts{(status == "restarting" ? $": exit {(int?)state["ExitCode"]}" : "")}."
                );
            }

            if (status != "running")
            {
                throw new NotWellException($"The new container ended at once: exit {(int?)state["ExitCode"]}.");
            }

            var waited = time.GetElapsedTime(started);
            switch ((string?)state["Health"]?["Status"])
            {
                case "healthy":
                    return;
                case "unhealthy":
                    throw new NotWellException($"The new container is unhealthy{LastProbe(state)}.");
                case "starting" when waited > WaitLimits.Health(container["Config"]?["Healthcheck"]):
                    throw new NotWellException(
                        $"The new container did not become healthy within {Format.RoughDuration(waited)}{LastProbe(state)}."
                    );
                case "starting" when !told:
                    told = true;
                    tell(
                        $"Waiting until it is healthy, {Format.RoughDuration(WaitLimits.Health(container["Config"]?["Healthcheck"]))} at most."
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
        return string.IsNullOrEmpty(output) ? "" : $" (its probe says: {(output.Length > longest ? output[..longest] + "…" : output)})";
    }
}

/// <summary>A new container did not become what it should be.</summary>
internal sealed class NotWellException(string message) : Exception(message);
