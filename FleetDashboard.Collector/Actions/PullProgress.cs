using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions;

/// <summary>Makes sense of a pull's stream: which layers there are, how far each is, and what is worth a line.</summary>
internal sealed class PullProgress(IJobProgress progress)
{
    /// <summary>An image has at most 127 layers; whoever sends more is not believed.</summary>
    private const int MaxLayers = 1_000;

    private readonly Dictionary<string, (string Status, double Done)> _layers = [];

    /// <summary>What went wrong, in the registry's or the engine's words; null where nothing did.</summary>
    public string? Error { get; private set; }

    public void Apply(PullMessage message)
    {
        if (message.Error is { } error)
        {
            Error ??= error;
            progress.Line($"error: {error}");
            return;
        }

        if (message.Status is not { Length: > 0 } status)
        {
            return;
        }

        if (message.Id is not { Length: > 0 } layer || Share(status, message.Detail) is not { } done)
        {
            progress.Line(message.Id is { Length: > 0 } id ? $"{id}: {status}" : status);
            return;
        }

        if (!_layers.TryGetValue(layer, out var known) && _layers.Count >= MaxLayers)
        {
            return;
        }

        // Hundreds of messages say how far a layer is; one says that it got further.
        if (known.Status != status)
        {
            progress.Line($"{layer}: {status}");
        }

        _layers[layer] = (status, Math.Max(done, known.Done));
        progress.Step(
            $"{_layers.Values.Count(one => one.Done >= 1)} of {_layers.Count} layers are here.",
            _layers.Values.Average(one => one.Done)
        );
    }

    // Fetching is taken for four fifths of a layer, unpacking for the rest.
    private static double? Share(string status, PullDetail? detail)
    {
        var part = detail is { Current: { } current, Total: > 0 and var total } ? Math.Clamp((double)current / total, 0, 1) : 0;
        return status switch
        {
            "Pulling fs layer" or "Waiting" => 0,
            "Downloading" => 0.8 * part,
            "Verifying Checksum" or "Download complete" => 0.8,
            "Extracting" => 0.8 + (0.2 * part),
            "Pull complete" or "Already exists" => 1,
            _ => null,
        };
    }
}
