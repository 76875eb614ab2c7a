namespace FleetDashboard.Collector.Engine;

/// <summary>The answer to a pull or a build: a stream of messages, or the engine's reason for refusing it.</summary>
/// <param name="Body">The stream; null where the engine refused it.</param>
/// <param name="Refusal">The reason; null where the engine accepted it.</param>
internal sealed record EngineStream(Stream? Body, string? Refusal) : IDisposable
{
    public static async Task<EngineStream> OpenAsync(EngineChannel channel, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await channel.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new EngineStream(await response.Content.ReadAsStreamAsync(cancellationToken), null);
        }
        catch (EngineRefusal refusal)
        {
            return new EngineStream(null, refusal.Message);
        }
    }

    public void Dispose() => Body?.Dispose();
}
