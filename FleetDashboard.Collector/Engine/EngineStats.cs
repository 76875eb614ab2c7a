using System.Net;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Reads the counters of one container by a one-shot call. This is the hot path: only the fields that are used are parsed, which takes half
/// the memory of the client library's model.
/// </summary>
internal sealed class EngineStats(EngineChannel channel, EngineClient engine, EngineCalls calls, TimeProvider time)
{
    /// <summary>The counters of one running container; null where the engine has none.</summary>
    /// <param name="id">Its id, from the engine's own list.</param>
    /// <param name="cancellationToken">Carries the deadline of the whole round.</param>
    public Task<RawStats?> ReadAsync(string id, CancellationToken cancellationToken) =>
        calls.MeasureAsync(
            "stats",
            async () =>
            {
                var path = $"/containers/{id}/stats?stream=false&one-shot=true";
                try
                {
                    using var response = await channel.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                    await using var body = new LimitedStream(
                        await response.Content.ReadAsStreamAsync(cancellationToken),
                        EngineLimits.StatsBytes,
                        path
                    );
                    var answer = await JsonSerializer.DeserializeAsync(body, StatsResponseJson.Default.StatsResponse, cancellationToken);
                    return answer?.ToStats() is { } stats
                        ? stats with
                        {
                            ReadAt = engine.Clock.ToOurs(stats.ReadAt),
                            ReceivedAt = time.GetElapsedTime(0),
                        }
                        : null;
                }
                catch (EngineRefusal gone) when (gone.Status == HttpStatusCode.NotFound)
                {
                    return null;
                }
            }
        );
}
