using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>Builds the immutable snapshot from the inventory. Only reads.</summary>
internal sealed class SnapshotAssembler(StatsHistory history, DatabaseSizes databases)
{
    private const string SwarmTask = "com.docker.swarm.task.name";

    public FleetSnapshot Assemble(Inventory inventory, IReadOnlyCollection<ActionTarget> targets, SnapshotMoment moment)
    {
        var rulings = targets.ToDictionary(target => target.Id);
        var usual = UsualRefusals.Find(targets);
        var apps = inventory.Apps;
        var everyone = inventory.Containers.Select(container => (container.Facts, apps[container.Facts.Id].Name)).ToList();
        var holders = new Lazy<ILookup<(int, string), Expectations.Holder>>(() => Expectations.Holders(everyone));
        var names = inventory.Containers.ToDictionary(container => container.Facts.Id, container => container.Facts.Name);
        var conflicts = PortConflicts.Find([.. inventory.Containers.Select(container => container.Facts)]);
        var replaced = Replaced(inventory.Containers);
        var published = new ServicePorts(inventory.Services, inventory.Containers.Select(container => container.Facts));
        var built = inventory
            .Containers.Select(container => (container.Facts, Snapshot: Container(container)))
            .GroupBy(pair => apps[pair.Facts.Id].Name)
            .Select(group => App(group.Key, [.. group]))
            .OrderByDescending(app => app.Color)
            .ThenBy(app => app.Name, StringComparer.OrdinalIgnoreCase)
            .ToImmutableArray();
        var all = built.SelectMany(app => app.Containers).ToList();
        var sized = built.SelectMany(app => app.Databases).Where(database => database.Bytes is not null).ToList();

        return new FleetSnapshot
        {
            Host = Host(inventory.Host, moment.Round),
            Sequence = moment.Sequence,
            TakenAt = moment.TakenAt,
            Stale = moment.LostSince is not null,
            StaleSince = moment.LostSince,
            StaleReason = moment.LostReason,
            IntervalSeconds = moment.Interval.TotalSeconds,
            OverdueAfterSeconds = moment.OverdueAfter.TotalSeconds,
            Verdict = moment.LostSince is null ? VerdictRules.Judge(built) : VerdictRules.Unreachable(),
            Totals = new FleetTotals(
                built.Length,
                built.Count(app => app.Color < HealthColor.Amber),
                all.Count,
                all.Count(container => container.Up),
                KnownSum.Total(all, container => container.CpuCores),
                KnownSum.OfBytes(all, container => container.MemoryBytes),
                KnownSum.OfBytes(sized, database => database.Bytes),
                sized.Count,
                built.Count(app => app.Color == HealthColor.Red),
                built.Count(app => app.Color == HealthColor.Amber)
            ),
            Apps = built,
            Actions = moment.Actions,
            UsualRefusals = usual,
            Networks = Networks(inventory, apps),
            ServicePorts = published.Unowned,
            Warnings = [.. moment.Problems, .. inventory.File.Metadata.Warnings, .. FileWarnings.Find(inventory.File, everyone, built)],
        };

        ContainerSnapshot Container(TrackedContainer tracked)
        {
            var (facts, stats) = (tracked.Facts, tracked.Stats);
            var (color, reasons) = HealthRules.JudgeSafely(
                new HealthCase(facts, inventory.LifeOf(facts.Id), tracked.Alarms, LoadOf(tracked, moment), replaced.Contains(facts.Id))
                {
                    Lenders = [.. facts.Borrows.Select(borrowed => new Lender(borrowed.What, inventory.Find(borrowed.ContainerId)))],
                },
                moment.Now
            );
            return ContainerSnapshots.Create(rulings[facts.Id], stats, color, reasons, names, usual) with
            {
                Overdue = moment.IsOverdue(tracked),
            };
        }

        AppSnapshot App(string name, ImmutableArray<(ContainerFacts Facts, ContainerSnapshot Snapshot)> members)
        {
            ImmutableArray<ContainerSnapshot> containers =
            [
                .. members
                    .Select(member => member.Snapshot)
                    .OrderByDescending(container => container.Color)
                    .ThenBy(container => container.Name, StringComparer.Ordinal),
            ];
            var running = containers.Where(container => container.State == "running").ToList();
            var entry = inventory.File.Find(name);
            var networks = NetworksOf(members, inventory.Networks);
            ImmutableArray<DatabaseSnapshot> inside =
            [
                .. members
                    .SelectMany(member => DatabaseSnapshots.Create(member.Facts, databases))
                    .OrderBy(database => database.Container, StringComparer.Ordinal),
            ];
            return new AppSnapshot
            {
                Name = name,
                Title = entry?.Title ?? name,
                Link = entry?.Link,
                Owner = entry?.Owner,
                Runbook = entry?.Runbook,
                Icon = entry?.Icon,
                Origin = members.Min(member => apps[member.Facts.Id].Origin),
                Color = containers.Max(container => container.Color),
                CpuCores = KnownSum.Total(running, container => container.CpuCores),
                CpuLimitCores = SumOfAll(running, container => container.CpuLimitCores),
                MemoryBytes = KnownSum.OfBytes(containers, container => container.MemoryBytes),
                MemoryLimitBytes = SumOfAll(running, container => container.MemoryLimitBytes) is { } limit
                    ? (long)Math.Min(limit, long.MaxValue / 2)
                    : null,
                CpuTrend = history.AppTrend(name),
                Reasons =
                [
                    .. containers
                        .SelectMany(container => container.Reasons)
                        .Where(reason => reason.Color >= HealthColor.Amber)
                        .OrderByDescending(reason => reason.Color),
                ],
                Containers = containers,
                Ports =
                [
                    .. members
                        .SelectMany(member =>
                            member
                                .Facts.Ports.Select(claim => new PortSnapshot(
                                    claim.Address,
                                    claim.Port,
                                    claim.Protocol,
                                    member.Facts.Name,
                                    claim.Target,
                                    conflicts.Contains((member.Facts.Id, claim))
                                ))
                                .Concat(published.Find(member.Facts))
                        )
                        .OrderBy(port => port.Port)
                        .ThenBy(port => port.Protocol, StringComparer.Ordinal)
                        .ThenBy(port => port.Address, StringComparer.Ordinal),
                ],
                ExpectedPorts =
                [
                    .. entry?.Ports.Select(port => Expectations.Port(port, name, members.Select(member => member.Facts), holders.Value))
                        ?? [],
                ],
                ExpectedSubnets = [.. entry?.Subnets.Select(subnet => Expectations.Subnet(subnet, networks)) ?? []],
                Networks = networks,
                Databases = inside,
                DatabaseBytes = DatabaseSnapshots.Sum(inside, database => database.Bytes),
                DatabaseGrowthBytes = DatabaseSnapshots.Sum(inside, database => database.GrowthBytes),
            };
        }
    }

    private static HostSnapshot Host(HostFacts? host, StatsRound? round) =>
        host is null
            ? new HostSnapshot("", "", "", "", 0, 0, Demo: false)
            : new HostSnapshot(
                host.Name,
                host.Engine,
                host.EngineVersion,
                host.ApiVersion,
                host.Cpus,
                host.MemoryBytes,
                host.Demo,
                SourceOf(round),
                host.EngineId
            );

    private static string? SourceOf(StatsRound? round) =>
        round switch
        {
            null or { FromFiles: 0, FromSocket: 0 } => null,
            { FromFiles: 0 } => StatsSources.Socket,
            { FromSocket: 0 } => StatsSources.Cgroup,
            _ => StatsSources.Mixed,
        };

    private static CurrentLoad LoadOf(TrackedContainer tracked, SnapshotMoment moment)
    {
        var stats = tracked.Stats;
        return new CurrentLoad(
            stats?.CpuCores,
            stats?.MemoryBytes,
            stats?.CpuThrottled,
            stats is null ? null : moment.TakenAt - stats.SampledAt,
            moment.IsOverdue(tracked)
        );
    }

    private static ImmutableArray<AppNetwork> NetworksOf(
        ImmutableArray<(ContainerFacts Facts, ContainerSnapshot Snapshot)> members,
        ImmutableArray<NetworkFacts> networks
    )
    {
        var known = networks.Select(network => network.Id).ToHashSet();
        var used = members.SelectMany(member => member.Facts.Networks).Select(attachment => KeyOf(attachment, known)).ToHashSet();
        return
        [
            .. networks
                .Where(network => used.Contains(network.Id) || used.Contains(network.Name))
                .Select(network => new AppNetwork(network.Name, network.Driver, [.. network.Subnets.Select(subnet => subnet.Cidr)])),
        ];
    }

    private static ImmutableArray<NetworkSnapshot> Networks(Inventory inventory, ImmutableDictionary<string, AppKey> apps)
    {
        var known = inventory.Networks.Select(network => network.Id).ToHashSet();
        var members = inventory
            .Containers.SelectMany(container => container.Facts.Networks.Select(attachment => (attachment, container.Facts)))
            .ToLookup(
                pair => KeyOf(pair.attachment, known),
                pair => new NetworkMember(pair.Facts.Name, apps[pair.Facts.Id].Name, pair.attachment.Addresses)
            );
        return
        [
            .. inventory.Networks.Select(network => new NetworkSnapshot(
                network.Id,
                network.Name,
                network.Driver,
                network.Internal,
                [.. network.Subnets.Select(subnet => new NetworkSubnet(subnet.Cidr, subnet.Gateway))],
                [.. members[network.Id].Concat(members[network.Name]).OrderBy(member => member.Container, StringComparer.Ordinal)]
            )
            {
                Parent = network.Parent,
            }),
        ];
    }

    // Two networks can have the same name. A container that never ran refers to its network by name only.
    private static string KeyOf(NetworkAttachment attachment, HashSet<string> known) =>
        known.Contains(attachment.NetworkId) ? attachment.NetworkId : attachment.Name;

    // Swarm keeps the ended tasks of a slot beside the running one.
    private static HashSet<string> Replaced(IEnumerable<TrackedContainer> containers) =>
        [
            .. containers
                .Where(container => container.Facts.Labels.ContainsKey(SwarmTask))
                .GroupBy(container => Slot(container.Facts.Labels[SwarmTask]))
                .SelectMany(slot => slot.OrderByDescending(container => container.Facts.CreatedAt).Skip(1))
                .Select(container => container.Facts.Id),
        ];

    private static string Slot(string task) => task.LastIndexOf('.') is > 0 and var end ? task[..end] : task;

    private static double? SumOfAll(List<ContainerSnapshot> containers, Func<ContainerSnapshot, double?> value) =>
        containers.Count > 0 && containers.TrueForAll(container => value(container) is not null) ? KnownSum.Total(containers, value) : null;
}

/// <summary>The circumstances of one snapshot.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Now">When it is published (UTC).</param>
/// <param name="TakenAt">When the engine last answered (UTC).</param>
/// <param name="Interval">Time between the last reading of the stats and the next.</param>
/// <param name="OverdueAfter">The age at which stats are overdue.</param>
/// <param name="LostSince">Since when the engine has not answered; null while it does.</param>
/// <param name="LostReason">Why, as a sentence.</param>
/// <param name="Problems">What the operator must know of this Collector, one sentence for each.</param>
internal sealed record SnapshotMoment(
    long Sequence,
    DateTimeOffset Now,
    DateTimeOffset TakenAt,
    TimeSpan Interval,
    TimeSpan OverdueAfter,
    DateTimeOffset? LostSince,
    string? LostReason,
    ImmutableArray<string> Problems
)
{
    /// <summary>The actions that the page may offer.</summary>
    public ImmutableArray<ActionDescription> Actions { get; init; } = [];

    /// <summary>The last reading of the stats; null before the first.</summary>
    public StatsRound? Round { get; init; }

    /// <summary>True where the stats of a running container are overdue.</summary>
    public bool IsOverdue(TrackedContainer container) =>
        container.Facts.IsRunning
        && Round?.Refused is null
        && TakenAt - (container.Stats?.SampledAt ?? container.WatchedSince) > OverdueAfter;
}
