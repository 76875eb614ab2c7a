using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Actions;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>Builds card models from a snapshot's apps.</summary>
internal static class AppCards
{
    public const int ReasonsShown = 4;
    private static readonly string[] CpuAlarms = [ReasonCodes.CpuHigh, ReasonCodes.CpuThrottled];
    private static readonly string[] MemoryAlarms = [ReasonCodes.MemoryHigh];

    public static AppCardModel Create(FleetApp placed)
    {
        var (app, host) = (placed.App, placed.Snapshot.Host);
        var containers = ByName(app);
        var services = containers.ToDictionary(pair => pair.Key, pair => pair.Value.Service, StringComparer.Ordinal);
        var shown = app.Reasons.Length > ReasonsShown + 1 ? ReasonsShown : app.Reasons.Length; // "and 1 more" would take the line it saves
        return new AppCardModel
        {
            Key = placed.Key,
            Anchor = placed.Anchor,
            Label =
                $"{app.Title}{(placed.Host.Tag is { } tag ? $" on {tag}" : "")}: "
                + $"{(placed.Host.IsGreyed ? "last known " : "")}{StateText.Describe(app.Color)}",
            Name = app.Name,
            Host = placed.Host.Tag,
            Collector = placed.Host.Collector,
            Href = Links.App(placed),
            IsKnown = !placed.Host.IsGreyed,
            Title = app.Title,
            Color = app.Color,
            Up = $"{app.ContainersUp} of {app.Containers.Length} up",
            Reasons = new(
                app.Reasons.Take(shown)
                    .Select(reason => new ReasonLine(
                        services.GetValueOrDefault(reason.Container, reason.Container),
                        reason.Text,
                        containers.GetValueOrDefault(reason.Container) is { } container ? Links.Explanation(container, reason) : null
                    ))
            ),
            MoreReasons = app.Reasons.Length - shown,
            // An alarm is about one container's own limit. Against the whole host the bar would be short, and a short amber bar would
            // confuse.
            Cpu = Meter
                .Cpu(app.CpuCores, app.CpuLimitCores, host.Cpus, app.CpuLimitCores is not null && Alarmed(app, CpuAlarms))
                .Without(app.WithoutCpu),
            Memory = Meter
                .Memory(
                    app.MemoryBytes,
                    app.MemoryLimitBytes,
                    host.MemoryBytes,
                    app.MemoryLimitBytes is not null && Alarmed(app, MemoryAlarms)
                )
                .Without(app.WithoutMemory),
            Spark = SparkPath.Draw(app.CpuTrend, app.CpuLimitCores ?? host.Cpus),
            SparkLabel = app.CpuTrend is { } trend
                ? $"CPU of the last {Format.Duration(Format.Seconds((double)trend.StepSeconds * trend.Values.Length))}"
                : "No CPU samples yet",
            Tags = new(AppTags.From(placed, services)),
            Marks = new(
                app.Containers.Select(c => new CardDot(
                    c.Color,
                    c.Database is not null,
                    $"{c.Service}: {StateText.Describe(c)}",
                    Links.ContainerLogs(c)
                ))
            ),
            Menu = ActionMenuModel.From(placed),
            SearchText = SearchText(placed),
        };
    }

    private static Dictionary<string, ContainerSnapshot> ByName(AppSnapshot app)
    {
        var containers = new Dictionary<string, ContainerSnapshot>(StringComparer.Ordinal);
        foreach (var container in app.Containers)
        {
            containers[container.Name] = container;
        }
        return containers;
    }

    private static bool Alarmed(AppSnapshot app, string[] codes) => app.Reasons.Any(reason => codes.Contains(reason.Code));

    private static string SearchText(FleetApp placed)
    {
        var app = placed.App;
        IEnumerable<string> words =
        [
            app.Name,
            app.Title,
            .. app.Containers.SelectMany(c => new[] { c.Name, c.Service, c.Image, StateText.Describe(c) }),
            .. app.Ports.Select(port => $":{port.Port}"),
            .. app.Networks.SelectMany(network => network.Subnets.Prepend(network.Name)),
            .. app.Databases.SelectMany(database => new[] { database.Name, StateText.DescribeDatabase(database.Kind) }),
            .. app.Reasons.Select(reason => reason.Text),
            StateText.Describe(app.Color),
            placed.Host.Tag ?? "",
        ];
        return string.Join('\n', words.Distinct()).ToLowerInvariant();
    }
}
