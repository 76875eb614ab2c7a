using Docker.DotNet.Models;
using FleetDashboard.Tests.Support.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FleetDashboard.Tests.Support.Metrics;

/// <summary>
/// Containers with every condition that published alert rules check: throttled, near the memory limit, reading and writing disk and
/// network, healthy and unhealthy, killed for memory and restarted. Also another exporter, for expressions that combine both.
/// </summary>
internal sealed class MeasuredFleet(EngineFixture engine)
{
    /// <summary>Labels that published expressions select or group by, as their series contain them.</summary>
    private static readonly string[] Labels =
    [
        "com_docker_compose_config_hash",
        "com_docker_compose_project",
        "com_docker_compose_service",
        "com_docker_stack_namespace",
        "com_docker_swarm_node_id",
        "com_docker_swarm_service_id",
        "com_docker_swarm_service_name",
        "com_docker_swarm_task_name",
        "monitor_group",
        "org_label_schema_group",
        "stackname",
    ];

    private readonly List<string> _ids = [];

    public string Busy { get; } = engine.NameOf("measuredbusy");

    public string Hungry { get; } = engine.NameOf("measuredhungry");

    public string Sick { get; } = engine.NameOf("measuredsick");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var busy = new LabContainer(Busy)
        {
            CpuCores = 0.1,
            MemoryBytes = 64 << 20,
            Labels = Labels.ToDictionary(label => label, label => "of-" + label),
            Healthcheck = Check("true"),
            Command =
            [
                "sh",
                "-c",
                "while :; do dd if=/dev/zero of=/data/x bs=64k count=16 oflag=direct; dd if=/data/x of=/dev/null bs=64k iflag=direct; "
                    + "nc -w 1 $(ip route | awk '/default/ { print $3 }') 9; done",
            ],
        };
        var parameters = busy.Parameters(engine.RunId);

        // From Linux 6.10 on, cgroup v1 counts a block device's bytes only if a limit is set on that device.
        parameters.HostConfig!.BlkioDeviceWriteBps = [.. Disks().Select(disk => new ThrottleDevice { Path = disk, Rate = 1UL << 30 })];
        var client = await engine.ClientAsync(cancellationToken);
        var created = await client.Containers.CreateContainerAsync(parameters, cancellationToken);
        await client.Containers.StartContainerAsync(created.ID, new(), cancellationToken);
        _ids.Add(created.ID);
        _ids.Add(await engine.RunAsync(new LabContainer(Sick) { Healthcheck = Check("false") }, cancellationToken));
        _ids.Add(
            await engine.RunAsync(
                new LabContainer(Hungry)
                {
                    MemoryBytes = 16 << 20,
                    Restart = RestartPolicyKind.Always,
                    Command = ["sh", "-c", "sleep 3; dd if=/dev/zero of=/dev/shm/x bs=1M count=64"],
                },
                cancellationToken
            )
        );
    }

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (var id in _ids)
        {
            await (await engine.ClientAsync(cancellationToken)).Containers.RemoveContainerAsync(
                id,
                new ContainerRemoveParameters { Force = true },
                cancellationToken
            );
        }
    }

    /// <summary>The metrics of node_exporter and of a Prometheus client that published expressions use.</summary>
    public static async Task<WebApplication> OtherExporterAsync(CancellationToken cancellationToken)
    {
        const string text = """
            # TYPE node_cpu_seconds_total counter
            node_cpu_seconds_total{cpu="0",mode="system"} 1
            node_cpu_seconds_total{cpu="0",mode="user"} 1
            node_cpu_seconds_total{cpu="0",mode="idle"} 1
            # TYPE node_cpu untyped
            node_cpu{cpu="cpu0",mode="system"} 1
            node_cpu{cpu="cpu0",mode="user"} 1
            # TYPE node_memory_MemTotal_bytes gauge
            node_memory_MemTotal_bytes 16000000000
            # TYPE node_meta gauge
            node_meta{node_name="one",container_label_com_docker_swarm_node_id="of-com_docker_swarm_node_id"} 1
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total 1

            """;
        var app = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"]).Build();
        app.MapGet("/metrics", () => Results.Text(text.ReplaceLineEndings("\n"), "text/plain; version=0.0.4"));
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static HealthcheckConfig Check(string command) =>
        new()
        {
            Test = ["CMD", command],
            Interval = TimeSpan.FromSeconds(1),
            Timeout = TimeSpan.FromSeconds(30),
            Retries = 1,
        };

    internal static IEnumerable<string> Disks() =>
        Directory
            .EnumerateFileSystemEntries("/sys/block")
            .Select(Path.GetFileName)
            .Where(name =>
                name is not null && !name.StartsWith("loop", StringComparison.Ordinal) && !name.StartsWith("ram", StringComparison.Ordinal)
            )
            .Select(name => $"/dev/{name}")
            .Where(File.Exists);
}
