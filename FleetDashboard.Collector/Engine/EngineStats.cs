using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Reads the counters of one container by a one-shot call. It is the hot path, so it goes past the client library: connections stay
/// open between bursts and only what is needed is parsed, for half the memory.
/// </summary>
internal sealed class EngineStats : IDisposable
{
    private readonly HttpClient _http;
    private readonly EngineClient _engine;
    private readonly EngineCalls _calls;
    private readonly TimeProvider _time;

    public EngineStats(IOptions<EngineOptions> options, EngineClient engine, EngineCalls calls, TimeProvider time)
    {
        (_engine, _calls, _time) = (engine, calls, time);
        _http = EngineHttp.Create(options.Value.Endpoint);
    }

    /// <summary>The counters of one running container; null where the engine has none of it.</summary>
    /// <param name="id">Its id, from the engine's own list.</param>
    /// <param name="cancellationToken">Carries the deadline of the whole burst.</param>
    public Task<RawStats?> ReadAsync(string id, CancellationToken cancellationToken) =>
        _calls.MeasureAsync(
            "stats",
            async () =>
            {
                var path = $"/v{_engine.ApiVersion}/containers/{id}/stats?stream=false&one-shot=true";
                using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }

                if (!response.IsSuccessStatusCode)
                {
                    throw await EngineReader.RefusalAsync(response, path, cancellationToken);
                }

                await using var body = new LimitedStream(
                    await response.Content.ReadAsStreamAsync(cancellationToken),
                    EngineLimits.StatsBytes,
                    path
                );
                var answer = await JsonSerializer.DeserializeAsync(body, StatsResponseJson.Default.StatsResponse, cancellationToken);
                return answer?.ToFigures() is { } figures
                    ? figures with
                    {
                        ReadAt = _engine.Clock.ToOurs(figures.ReadAt),
                        ReceivedAt = _time.GetElapsedTime(0),
                    }
                    : null;
            }
        );

    public void Dispose() => _http.Dispose();
}
