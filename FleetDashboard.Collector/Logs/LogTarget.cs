using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Logs;

/// <summary>Whose logs are read: all of an app, or one container and whatever takes its place.</summary>
internal abstract record LogTarget
{
    /// <summary>Those whom it names in this snapshot.</summary>
    public abstract IEnumerable<LogMember> In(FleetSnapshot fleet);

    protected static IEnumerable<LogMember> All(FleetSnapshot fleet) =>
        from app in fleet.Apps
        from container in app.Containers
        orderby container.Name
        select new LogMember(container.Id, container.Name, app.Name, container.Service);

    public sealed record App(string Name) : LogTarget
    {
        public override IEnumerable<LogMember> In(FleetSnapshot fleet) => All(fleet).Where(member => member.App == Name);
    }

    public sealed record Container(LogMember First) : LogTarget
    {
        // Its successor has its name; where names are made up anew, as in a swarm, its service, once the first is gone.
        public override IEnumerable<LogMember> In(FleetSnapshot fleet)
        {
            var all = All(fleet).ToList();
            var found = all.Where(member => member.Id == First.Id || member.Name == First.Name).ToList();
            return found.Count > 0 ? found : all.Where(member => member.App == First.App && member.Service == First.Service).Take(1);
        }
    }
}
