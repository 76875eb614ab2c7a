using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Logs;

/// <summary>What to read: all logs of an app, or the log of one container and of its replacements.</summary>
internal abstract record LogTarget
{
    /// <summary>The containers in this snapshot that belong to the target.</summary>
    public abstract IEnumerable<LogMember> In(FleetSnapshot fleet);

    protected static IEnumerable<LogMember> All(FleetSnapshot fleet) =>
        from app in fleet.Apps
        from container in app.Containers
        orderby container.Name
        select new LogMember(container.Id, container.Name, app.Name, container.Service);

    public sealed record WholeApp(string Name) : LogTarget
    {
        public override IEnumerable<LogMember> In(FleetSnapshot fleet) => All(fleet).Where(member => member.App == Name);
    }

    public sealed record SingleContainer(LogMember First) : LogTarget
    {
        // A replacement has the same name. If names are generated, as in Swarm, it has the same service, once the first container is gone.
        public override IEnumerable<LogMember> In(FleetSnapshot fleet)
        {
            var all = All(fleet).ToList();
            var found = all.Where(member => member.Id == First.Id || member.Name == First.Name).ToList();
            return found.Count > 0 ? found : all.Where(member => member.App == First.App && member.Service == First.Service).Take(1);
        }
    }
}
