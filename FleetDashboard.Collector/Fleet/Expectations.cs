using System.Collections.Immutable;
using System.Net;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>Compares what fleet.yaml expects of an app with what its containers have. Pure.</summary>
internal static class Expectations
{
    /// <summary>Every claim to a host port with the container that makes it, by port and protocol.</summary>
    public static ILookup<(int Port, string Protocol), Holder> Holders(IEnumerable<(ContainerFacts Container, string App)> members) =>
        members
            .SelectMany(member => member.Container.Ports.Select(claim => new Holder(member.Container, member.App, claim)))
            .ToLookup(holder => (holder.Claim.Port, holder.Claim.Protocol));

    public static ExpectedPortSnapshot Port(
        ExpectedPort expected,
        string app,
        IEnumerable<ContainerFacts> containers,
        ILookup<(int Port, string Protocol), Holder> holders
    )
    {
        var all = holders[(expected.Port, expected.Protocol)].ToList();
        var own = all.FindAll(holder => holder.App == app);
        var exact = own.FindAll(holder => expected.Address is null || holder.Claim.Address == expected.Address);
        var (served, note, problem) =
            exact.Exists(holder => holder.Container.IsRunning) ? (true, (string?)null, (string?)null)
            // Its health already reports this.
            : exact is [var idle, ..] ? (false, $"{idle.Container.Name} is {idle.Container.State}", null)
            : own is [var elsewhere, ..] ? Wrong($"{elsewhere.Container.Name} publishes it on {elsewhere.Claim.Address}")
            : all is [var stranger, ..] ? Wrong($"{stranger.Container.Name} of app {stranger.App} has it")
            : containers.FirstOrDefault(container => container.NetworkMode == "host") is { } host
                ? (false, $"cannot be seen: {host.Name} uses the host's network", null)
            : Wrong("nobody does");
        return new ExpectedPortSnapshot(expected.Address, expected.Port, expected.Protocol, served, note, problem, expected.Line);

        static (bool, string?, string?) Wrong(string problem) => (false, problem, problem);
    }

    public static ExpectedSubnetSnapshot Subnet(ExpectedSubnet expected, ImmutableArray<AppNetwork> networks)
    {
        var own = networks.SelectMany(network => network.Subnets.Select(subnet => (network.Name, Subnet: subnet))).ToList();
        var match = own.Find(entry => IPNetwork.TryParse(entry.Subnet, out var network) && network == expected.Network);
        var problem =
            match.Name is not null ? null
            : own.Count == 0 ? "its networks have no subnet"
            : $"it is on {string.Join(", ", own.Select(entry => $"{entry.Subnet} ({entry.Name})"))}";
        return new ExpectedSubnetSnapshot(expected.Network.ToString(), match.Name, problem, expected.Line);
    }

    public static string Text(ExpectedPortSnapshot port) => new ExpectedPort(port.Address, port.Port, port.Protocol, port.Line).ToString();

    public sealed record Holder(ContainerFacts Container, string App, PortClaim Claim);
}
