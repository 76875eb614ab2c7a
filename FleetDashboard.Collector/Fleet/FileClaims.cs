using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// fleet.yaml applied to the containers. One instance for each version of the file. Results are kept for each name, because matching all
/// patterns with all containers is too slow for every snapshot. Not thread-safe.
/// </summary>
internal sealed class FileClaims(FleetMetadata metadata)
{
    private const int MaxKept = 20_000;

    private readonly Dictionary<string, AppEntry> _apps = metadata.File.Apps.ToDictionary(app => app.Name);
    private readonly Dictionary<string, ImmutableArray<Claim>> _claims = [];

    public FleetMetadata Metadata => metadata;

    /// <summary>The file's entry for an app; null where there is no entry.</summary>
    public AppEntry? Find(string app) => _apps.GetValueOrDefault(app);

    /// <summary>The app that claims the container: the first one in the file.</summary>
    public AppEntry? Owner(ContainerFacts container) => Claims(container) is [var first, ..] ? first.App : null;

    /// <summary>Every pattern that matches the container, in the order of the file.</summary>
    public ImmutableArray<Claim> Claims(ContainerFacts container)
    {
        if (_claims.TryGetValue(container.Name, out var known))
        {
            return known;
        }

        if (_claims.Count >= MaxKept)
        {
            _claims.Clear();
        }

        return _claims[container.Name] = [
            .. metadata.File.Apps.SelectMany(app =>
                app.Containers.Where(pattern => pattern.Matches(container.Name)).Select(pattern => new Claim(app, pattern))
            ),
        ];
    }

    /// <summary>Why no action may touch the container; null where the file does not forbid it.</summary>
    public string? Protection(ContainerFacts container, string app) =>
        metadata.File.Protected.Concat(Find(app)?.Protected ?? []).FirstOrDefault(pattern => pattern.Matches(container.Name)) is { } by
            ? $"protected by {metadata.Name} line {by.Line}"
            : null;

    public readonly record struct Claim(AppEntry App, NamePattern Pattern);
}
