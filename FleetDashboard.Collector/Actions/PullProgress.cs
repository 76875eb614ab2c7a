using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions;

/// <summary>Reads the messages of a pull: tracks the progress of each layer and writes a line when its status changes.</summary>
internal sealed class PullProgress(IJobProgress progress)
{
    /// <summary>An image has at most 127 layers. The limit protects against a registry that sends more.</summary>
    private const int MaxLayers = 1_000;

    private readonly Dictionary<string, (string Status, double Done)> _layers = [];

    /// <summary>The error as the registry or the engine sent it; null for none.</summary>
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

        // A layer sends hundreds of progress messages. A line is written only when its status changes.
        if (known.Status != status)
        {
            progress.Line($"{layer}: {status}");
        }

        _layers[layer] = (status, Math.Max(done, known.Done));
        progress.Step(
            $"{_layers.Values.Count(one => one.Done >= 1)} of {_layers.Count} layers pulled.",
            _layers.Values.Average(one => one.Done)
        );
    }

    // The download counts for four fifths of a layer, unpacking for the rest.
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
