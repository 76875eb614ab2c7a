using System.Collections.Immutable;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Creates containers, networks and images from the catalogue. The same seed, size and time give the same fleet.</summary>
internal sealed class FleetPlan
{
    private readonly int _seed;
    private readonly DateTimeOffset _now;
    private readonly List<ContainerPlan> _containers = [];
    private readonly Dictionary<string, ImagePlan> _images = [];
    private readonly Dictionary<string, int> _members = [];

    private FleetPlan(int seed, DateTimeOffset now)
    {
        (_seed, _now) = (seed, now);
        Networks =
        [
            new("bridge", StableId.Create(seed, "network bridge"), "bridge", "local", "172.17.0", now.AddDays(-200), NoLabels),
            new("host", StableId.Create(seed, "network host"), "host", "local", "", now.AddDays(-200), NoLabels),
            new("none", StableId.Create(seed, "network none"), "null", "local", "", now.AddDays(-200), NoLabels),
        ];
    }

    public static ImmutableSortedDictionary<string, string> NoLabels =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<ContainerPlan> Containers => _containers;

    public IReadOnlyCollection<ImagePlan> Images => _images.Values;

    public List<NetworkPlan> Networks { get; }

    public static FleetPlan Create(int containers, int seed, DateTimeOffset now)
    {
        var plan = new FleetPlan(seed, now);
        foreach (var app in AppCatalog.Apps)
        {
            plan.Add(app, AppNetworkPlan.Create(app, plan.Networks.Count - 2, plan));
        }

        for (var index = 0; plan._containers.Count < containers; index++)
        {
            var app = AppCatalog.Replica($"{AppCatalog.Apps[index % 9].Name}-{index / 9 + 2:000}", index);
            var room = containers - plan._containers.Count;
            plan.Add(app with { Services = [.. app.Services.Take(room)] }, AppNetworkPlan.Create(app, plan.Networks.Count - 2, plan));
        }

        return plan;
    }

    /// <summary>A short-lived container, for churn.</summary>
    public ContainerPlan ShortLivedContainer(long number, DateTimeOffset at)
    {
        var blueprint = AppCatalog.Worker("job", "acme/jobs:1.4.0") with { Name = $"churn-job-{number:000000}", RestartPolicy = "no" };
        var app = new AppBlueprint("churn", Grouping.Label, [blueprint]);
        var address = $"172.17.{1 + number / 250 % 250}.{2 + number % 250}";
        return Describe(app, blueprint, Networks[0], address) with { Created = at };
    }

    private void Add(AppBlueprint app, NetworkPlan? network)
    {
        foreach (var service in app.Services)
        {
            _containers.Add(Describe(app, service, network ?? Networks[0], null));
        }
    }

    private ContainerPlan Describe(AppBlueprint app, ServiceBlueprint service, NetworkPlan network, string? address)
    {
        var name = service.Name ?? AppLabels.NameOf(app, service, _seed);
        var seed = SeededRandom.Seed(_seed, name);
        var sharedWith = service.SharesNetworkOf is { } other
            ? _containers.Last(container => container.Name.EndsWith("-" + other, StringComparison.Ordinal))
            : null;
        var ownNetwork = !service.OnHostNetwork && sharedWith is null;
        return new ContainerPlan
        {
            Id = StableId.Create(_seed, "container " + name),
            Name = name,
            Kind = service.Kind,
            Image = ImageOf(service.Image),
            Created = _now - TimeSpan.FromDays(SeededRandom.Between(seed, 1, 2, 160)),
            Seed = seed,
            Behavior = service.Behavior,
            Labels = AppLabels.Create(app, service, name, _seed),
            Ports = [.. new[] { service.Port, service.ExtraPort }.OfType<PortPlan>()],
            Environment = AppLabels.EnvironmentOf(app, service),
            Aliases = [service.Service],
            Network =
                service.OnHostNetwork ? Networks[1]
                : ownNetwork ? network
                : null,
            NetworkMode =
                service.OnHostNetwork ? "host"
                : sharedWith is not null ? "container:" + sharedWith.Id
                : network.Name == "bridge" ? "default"
                : network.Name,
            Address = ownNetwork ? address ?? $"{network.Prefix}.{NextHost(network)}" : "",
            RestartPolicy = service.RestartPolicy,
            NanoCpus = (long)(service.Cpus * 1e9),
            MemoryLimit = service.MemoryLimit,
            Volume = service.Kind is ContainerKind.Postgres or ContainerKind.MariaDb ? $"{app.Name}_db-data" : null,
            Tty = service.Tty,
            HasHealthcheck = service.HasHealthcheck,
            // "At the limit" means just below it, because the kernel never allows more.
            Cpu =
                service.Behavior == Behavior.CpuBound
                    ? new LoadCurve(service.Cpus * 0.985, 0.014, seed)
                    : new LoadCurve(service.Cpu * SeededRandom.Between(seed, 2, 0.6, 1.5), 0.85, seed),
            Memory =
                service.Behavior == Behavior.MemoryTight
                    ? new LoadCurve(service.MemoryLimit * 0.93, 0.008, seed + 1)
                    : new LoadCurve(service.Memory * SeededRandom.Between(seed, 3, 0.7, 1.3), 0.12, seed + 1),
        };
    }

    private ImagePlan ImageOf(string name)
    {
        if (!_images.TryGetValue(name, out var image))
        {
            var seed = SeededRandom.Seed(0, name);
            image = new ImagePlan(
                name,
                "sha256:" + StableId.Create(0, "image " + name),
                (long)SeededRandom.Between(seed, 1, 8e6, 6e8),
                _now.AddDays(-SeededRandom.Between(seed, 2, 5, 300))
            );
            _images.Add(name, image);
        }

        return image;
    }

    private int NextHost(NetworkPlan network)
    {
        // .1 is the gateway.
        var next = _members.GetValueOrDefault(network.Name, 1) + 1;
        _members[network.Name] = next;
        return next;
    }

    private static class AppNetworkPlan
    {
        public static NetworkPlan? Create(AppBlueprint app, int number, FleetPlan plan)
        {
            // Containers that belong to no tool are on the default bridge, as on a real host.
            if (app.Grouping is Grouping.NamePrefix or Grouping.Loose)
            {
                return null;
            }

            var name = app.Name + "_default";
            var prefix = number <= 250 ? $"172.31.{number}" : $"10.{64 + number / 256}.{number % 256}";
            var labels = app.Grouping switch
            {
                Grouping.Compose => NoLabels
                    .Add("com.docker.compose.network", "default")
                    .Add("com.docker.compose.project", app.Name)
                    .Add("com.docker.compose.version", "2.29.7"),
                Grouping.Stack => NoLabels.Add("com.docker.stack.namespace", app.Name),
                _ => NoLabels,
            };
            var (driver, scope) = app.Grouping == Grouping.Stack ? ("overlay", "swarm") : ("bridge", "local");
            var network = new NetworkPlan(
                name,
                StableId.Create(plan._seed, "network " + name),
                driver,
                scope,
                prefix,
                plan._now.AddDays(-170),
                labels
            );
            plan.Networks.Add(network);
            return network;
        }
    }
}
