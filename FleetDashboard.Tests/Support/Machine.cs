using System.Diagnostics;
using System.Globalization;
using FleetDashboard.Tests.Support.Deployment;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A separate machine with respect to networks, mounts and host name: namespaces that one process keeps open and that disappear with it.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly Process _holder;

    private Machine(Process holder, string address) => (_holder, Address) = (holder, address);

    /// <summary>The address at which other machines reach it.</summary>
    public string Address { get; }

    /// <summary>The prefix for a command that should run there.</summary>
    public string[] Enter => ["nsenter", "--target", Id(_holder), "--net", "--mount", "--uts", "--"];

    /// <summary>Two machines connected by a virtual cable.</summary>
    public static async Task<(Machine One, Machine Other)> PairAsync(string one, string other, CancellationToken cancellationToken)
    {
        var machines = (
            One: await StartAsync(one, "10.77.0.1", cancellationToken),
            Other: await StartAsync(other, "10.77.0.2", cancellationToken)
        );
        await machines.One.RunAsync(
            ["ip", "link", "add", "eth9", "type", "veth", "peer", "name", "eth9", "netns", Id(machines.Other._holder)],
            cancellationToken
        );
        foreach (var machine in new[] { machines.One, machines.Other })
        {
            await machine.RunAsync(["ip", "address", "add", $"{machine.Address}/24", "dev", "eth9"], cancellationToken);
            await machine.RunAsync(["ip", "link", "set", "eth9", "up"], cancellationToken);
        }

        return machines;
    }

    /// <summary>Runs a command there until it exits.</summary>
    public Task<string> RunAsync(IEnumerable<string> command, CancellationToken cancellationToken) =>
        Command.RunAsync(Enter[0], [.. Enter[1..], .. command], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_holder.HasExited)
        {
            _holder.Kill(entireProcessTree: true);
        }

        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }

    private static async Task<Machine> StartAsync(string name, string address, CancellationToken cancellationToken)
    {
        // --kill-child would need a process in between. exec leaves one process, whose id is the one to enter by.
        var holder = Process.Start(
            new ProcessStartInfo(
                "unshare",
                ["--net", "--mount", "--uts", "sh", "-c", $"hostname {name} && ip link set lo up && echo ready && exec sleep 3600"]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        var said = await holder
            .StandardOutput.ReadLineAsync(cancellationToken)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        return said == "ready"
            ? new Machine(holder, address)
            : throw new InvalidOperationException("Namespaces could not be created here.");
    }

    private static string Id(Process process) => process.Id.ToString(CultureInfo.InvariantCulture);
}
