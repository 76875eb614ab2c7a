using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>One network of the engine.</summary>
/// <param name="Id">The engine's id of it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Driver">bridge, overlay, macvlan, ipvlan, host or null.</param>
/// <param name="Internal">True where it has no way out.</param>
/// <param name="Subnets">Its address ranges.</param>
/// <param name="Members">The containers on it, by name.</param>
public sealed record NetworkSnapshot(
    string Id,
    string Name,
    string Driver,
    bool Internal,
    ImmutableArray<NetworkSubnet> Subnets,
    ImmutableArray<NetworkMember> Members
)
{
    /// <summary>
    /// The host's interface that a macvlan or ipvlan network is attached to; null for others and where the engine does not say.
    /// </summary>
    public string? Parent { get; init; }
}

/// <summary>One address range of a network.</summary>
/// <param name="Cidr">The range, e.g. <c>172.31.8.0/24</c>.</param>
/// <param name="Gateway">The gateway's address, or null.</param>
public sealed record NetworkSubnet(string Cidr, string? Gateway);

/// <summary>A container on a network.</summary>
/// <param name="Container">Its name.</param>
/// <param name="App">The app it belongs to.</param>
/// <param name="Addresses">Its IPv4 and IPv6 addresses there.</param>
public sealed record NetworkMember(string Container, string App, ImmutableArray<string> Addresses);
