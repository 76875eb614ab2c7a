namespace FleetDashboard.Contracts;

/// <summary>A port of the host that the metadata file expects an app to serve.</summary>
/// <param name="Address">The address it is expected on; null for any.</param>
/// <param name="Port">The host's port.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="Served">True while a running container of the app has it open there.</param>
/// <param name="Note">Why it is not served, without a full stop; null while it is.</param>
/// <param name="Problem">The note again where file and fleet disagree; null where it describes a passing state, such as a stopped
/// container.</param>
/// <param name="Line">The line of the metadata file that expects it.</param>
public sealed record ExpectedPortSnapshot(string? Address, int Port, string Protocol, bool Served, string? Note, string? Problem, int Line);

/// <summary>A subnet that the metadata file expects an app to be on.</summary>
/// <param name="Subnet">In CIDR form.</param>
/// <param name="Network">The app's network that has it; null where none does.</param>
/// <param name="Problem">What the app is on instead, without a full stop; null where it is as expected.</param>
/// <param name="Line">The line of the metadata file that expects it.</param>
public sealed record ExpectedSubnetSnapshot(string Subnet, string? Network, string? Problem, int Line);
