using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>Waits until a container that was just started is well: healthy where it says so itself, else running for a while without a restart.</summary>
internal sealed class Wellness(EngineContainers engine, TimeProvider time)
{
    /// <summary>A container without a healthcheck that lived so long counts as well.</summary>
    public static readonly TimeSpan Proof = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DefaultProbe = TimeSpan.FromSeconds(30); // The engine's own default for interval and timeout.
    private const int DefaultRetries = 3;
    private const double NanosecondsPerTick = 100;

    /// <exception cref="NotWellException">It ended, began anew, says that it is unhealthy, or did not become healthy in its own time.</exception>
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
                throw new NotWellException($"The new container restarts{(status == "restarting" ? $": exit {(int?)state["ExitCode"]}" : "")}.");
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
                case "starting" when waited > Limit(container["Config"]?["Healthcheck"]):
                    throw new NotWellException($"The new container did not become healthy within {waited.TotalSeconds:0} s{LastProbe(state)}.");
                case "starting" when !told:
                    told = true;
                    tell("Waiting until it is healthy.");
                    break;
                case not "starting" when waited >= Proof:
                    return;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    // Its start period, and then as many probes as it takes to call it unhealthy.
    private static TimeSpan Limit(JsonNode? check)
    {
        var retries = (int?)check?["Retries"] is > 0 and var count ? count : DefaultRetries;
        var limit = (Time("StartPeriod") ?? TimeSpan.Zero) + ((retries + 1) * ((Time("Interval") ?? DefaultProbe) + (Time("Timeout") ?? DefaultProbe)));
        return limit < LongestWait ? limit : LongestWait;

        TimeSpan? Time(string name) => (long?)check?[name] is > 0 and var nanoseconds ? TimeSpan.FromTicks((long)(nanoseconds / NanosecondsPerTick)) : null;
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
