using Docker.DotNet.Models;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Sampling.Cgroups;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>The kernel's files and the engine report the same values, field by field, in every state of the container.</summary>
[Trait("Category", "Engine")]
[Collection(nameof(CgroupAgreementTests))]
public sealed class CgroupAgreementTests(EngineFixture engine)
{
    private const int Rounds = 5;
    private const ulong Microsecond = 1000; // the resolution of cgroup v2

    private static readonly string[] Busy =
    [
        "sh",
        "-c",
        "while :; do dd if=/dev/zero of=/data/x bs=64k count=16 oflag=direct; dd if=/data/x of=/dev/null bs=64k iflag=direct; nc -w 1 "
            + "$(ip route | awk '/default/ { print $3 }') 9; done",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task UnderLoad_EachCounter_IsBetweenTwoEngineResponses()
    {
        await using var sources = await BothSources.StartAsync(engine.Endpoint, Token);
        var id = await RunAsync("agreebusy", Busy, cores: 0.2);
        sources.Files.Follow([await sources.TargetAsync(id, Token)]);
        await UntilAsync(
            sources,
            id,
            figures => figures is { CpuPeriods: > 0, ThrottledPeriods: > 0, BlockReadBytes: > 0, SentBytes: > 0 }
        );

        for (var round = 0; round < Rounds; round++)
        {
            AssertBetween(await sources.ReadAsync(id, Token));
        }

        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task Paused_EveryField_IsTheSame()
    {
        await using var sources = await BothSources.StartAsync(engine.Endpoint, Token);
        var id = await RunAsync("agreepaused", Busy, cores: 0.2);
        sources.Files.Follow([await sources.TargetAsync(id, Token)]);
        await UntilAsync(
            sources,
            id,
            figures => figures is { ThrottledPeriods: > 0, BlockReadBytes: > 0, SentBytes: > 0, MemoryBytes: > 0 }
        );
        await (await engine.ClientAsync(Token)).Containers.PauseContainerAsync(id, Token);

        var (_, files, _) = await SettledAsync(sources, id);

        Assert.True(files.MemoryBytes > 0 && files.Pids > 0);
        await (await engine.ClientAsync(Token)).Containers.UnpauseContainerAsync(id, Token);
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task AtItsMemoryLimit_EveryField_IsTheSame()
    {
        await using var sources = await BothSources.StartAsync(engine.Endpoint, Token);
        var id = await RunAsync(
            "agreefull",
            [
                "sh",
                "-c",
                "dd if=/dev/zero of=/data/x bs=1M count=64; dd if=/dev/zero of=/dev/shm/x bs=1M count=12; cat /data/x >/dev/null; touch "
                    + "/tmp/ready; sleep 86400",
            ],
            memory: 24 << 20
        );
        sources.Files.Follow([await sources.TargetAsync(id, Token)]);
        await (await engine.ClientAsync(Token)).ShellAsync(id, "until [ -e /tmp/ready ]; do sleep 0.1; done", Token);

        var (_, files, _) = await SettledAsync(sources, id);

        var memory = files.Detail!.Memory!;
        Assert.True(memory.Failures > 0 && memory.MaxUsage > 20 << 20, $"The limit was not hit: {memory}");
        // The kernel decides how much of the remainder is inactive cache.
        Assert.InRange(memory.WorkingSet, 12 << 20, memory.Usage);
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task Restarted_FilesOfTheOldRun_AreClosedAndTheNewRunAgrees()
    {
        await using var sources = await BothSources.StartAsync(engine.Endpoint, Token);
        var id = await RunAsync("agreeagain", ["sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 86400"]);
        sources.Files.Follow([await sources.TargetAsync(id, Token)]);
        var (_, first, _) = await SettledAsync(sources, id);

        var client = await engine.ClientAsync(Token);
        await client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = 0 }, Token);
        Assert.Empty(sources.Files.Read());
        Assert.Empty(sources.Files.Followed);
        Assert.Equal(0, OpenFilesOf(id));

        await client.Containers.StartContainerAsync(id, new(), Token);
        sources.Files.Follow([await sources.TargetAsync(id, Token)]);
        var (_, second, _) = await SettledAsync(sources, id);

        Assert.Null(Stats.From(first with { CpuNanoseconds = second.CpuNanoseconds + 1 }, second).CpuCores);
        Assert.True(OpenFilesOf(id) > 0);
        sources.Files.Follow([]);
        Assert.Equal(0, OpenFilesOf(id));
        await RemoveAsync(id);
    }

    [EngineTheory]
    [InlineData("host")]
    [InlineData("none")]
    public async Task WithoutANetwork_NeitherSource_ReportsOne(string mode)
    {
        await using var sources = await BothSources.StartAsync(engine.Endpoint, Token);
        var id = await engine.RunAsync(new LabContainer(engine.NameOf("agree" + mode)) { NetworkMode = mode }, Token);
        sources.Files.Follow([await sources.TargetAsync(id, Token)]);

        var (before, files, _) = await SettledAsync(sources, id);

        Assert.Equal((null, null), (before.ReceivedBytes, files.ReceivedBytes));
        Assert.Empty(files.Detail!.Interfaces);
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task CgroupElsewhere_IsFoundByItsProcessOrByASearch()
    {
        var none = Directory.CreateTempSubdirectory("fleet-proc-");
        await using var seeing = await BothSources.StartAsync(engine.Endpoint, Token);
        await using var walking = await BothSources.StartAsync(engine.Endpoint, Token, new SamplingOptions { ProcRoot = none.FullName });
        var parameters = new LabContainer(engine.NameOf("agreenested")).Parameters(engine.RunId);
        parameters.HostConfig!.CgroupParent = $"/fleet-{engine.RunId}/deep/er";
        var client = await engine.ClientAsync(Token);
        var id = (await client.Containers.CreateContainerAsync(parameters, Token)).ID;
        await client.Containers.StartContainerAsync(id, new(), Token);

        foreach (var sources in new[] { seeing, walking })
        {
            sources.Files.Follow([await sources.TargetAsync(id, Token, path: "/docker/" + id)]);
            Assert.Contains(id, sources.Files.Followed.Keys);
        }

        await SettledAsync(seeing, id);
        Assert.Null((await walking.ReadAsync(id, Token)).Files!.ReceivedBytes); // without its process, only the engine can report it
        await RemoveAsync(id);
        none.Delete();
    }

    /// <summary>If cgroup v2 is mounted beside v1, it has no controllers, and without them it reports only CPU time.</summary>
    [EngineFact]
    public async Task VersionTwo_BesideVersionOne_CpuIsBetweenTwoEngineResponses()
    {
        const string beside = "/sys/fs/cgroup/unified";
        Assert.SkipUnless(File.Exists(beside + "/cgroup.controllers"), $"Needs version 2 of the cgroups at {beside}, beside version 1");
        Assert.SkipWhen(
            File.ReadAllText(beside + "/cgroup.controllers").Contains("memory", StringComparison.Ordinal),
            "Version 2 has the controllers here: all of these tests run on it"
        );
        await using var sources = await BothSources.StartAsync(engine.Endpoint, Token);
        var id = await RunAsync("agreetwo", ["sh", "-c", "while :; do :; done"], cores: 0.2);
        var file = $"{beside}/docker/{id}/cpu.stat";
        Assert.SkipUnless(File.Exists(file), "The engine makes no cgroups of version 2 here");
        using var cpu = KernelFile<CpuCounters>.Open(file, CpuCounters.ParseSecond);
        var buffer = new ReadBuffer();

        var last = 0UL;
        for (var round = 0; round < Rounds; round++)
        {
            var before = (await sources.ReadAsync(id, Token)).After;
            var read = cpu.Read(buffer);
            var after = (await sources.ReadAsync(id, Token)).Before;
            Assert.InRange(read.Total, before.CpuNanoseconds - Microsecond, after.CpuNanoseconds);
            Assert.InRange(read.User + read.Kernel, read.Total - Microsecond, read.Total + Microsecond);
            Assert.True(read.Total > last);
            last = read.Total;
        }

        await RemoveAsync(id);
    }

    private async Task<string> RunAsync(string name, string[] command, double? cores = null, long? memory = null)
    {
        var parameters = new LabContainer(engine.NameOf(name))
        {
            CpuCores = cores,
            MemoryBytes = memory,
            Command = command,
        }.Parameters(engine.RunId);

        // From Linux 6.10 on, cgroup v1 counts a block device's bytes only if a limit is set on that device.
        parameters.HostConfig!.BlkioDeviceWriteBps =
        [
            .. MeasuredFleet.Disks().Select(disk => new ThrottleDevice { Path = disk, Rate = 1UL << 30 }),
        ];
        var client = await engine.ClientAsync(Token);
        var created = await client.Containers.CreateContainerAsync(parameters, Token);
        await client.Containers.StartContainerAsync(created.ID, new(), Token);
        return created.ID;
    }

    private async Task RemoveAsync(string id) =>
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);

    private static Task UntilAsync(BothSources sources, string id, Func<RawStats, bool> wanted) =>
        Eventually.GetAsync(async token => (await sources.ReadAsync(id, token)).After, wanted);

    /// <summary>Both sources once the container is idle. Then all levels and counters must be equal.</summary>
    private static async Task<(RawStats Before, RawStats Files, RawStats After)> SettledAsync(BothSources sources, string id)
    {
        var settled = await Eventually.GetAsync(
            token => sources.ReadAsync(id, token),
            reading =>
                Same(StatsList.Levels(reading.Before), StatsList.Levels(reading.After))
                && Same(StatsList.Counters(reading.Before), StatsList.Counters(reading.After))
        );
        Assert.Equal(StatsList.Levels(settled.Before), StatsList.Levels(settled.Files!));
        Assert.Equal(StatsList.Counters(settled.Before), StatsList.Counters(settled.Files!));
        return (settled.Before, settled.Files!, settled.After);
    }

    private static bool Same(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other) =>
        one.All(pair => other.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static void AssertBetween((RawStats Before, RawStats? Files, RawStats After) reading)
    {
        var (before, files, after) = (
            StatsList.Counters(reading.Before),
            StatsList.Counters(reading.Files!),
            StatsList.Counters(reading.After)
        );
        Assert.Equal(before.Keys.Order(), files.Keys.Order());
        Assert.All(files, counter => Assert.InRange(counter.Value, before[counter.Key], after[counter.Key]));
        Assert.InRange(reading.Files!.ReadAt, reading.Before.ReadAt, reading.After.ReadAt);
    }

    private static int OpenFilesOf(string id) =>
        Directory
            .GetFiles("/proc/self/fd")
            .Count(descriptor => new FileInfo(descriptor).LinkTarget is { } target && target.Contains(id, StringComparison.Ordinal));
}

/// <summary>
/// Must run alone: the Collectors of other tests run in this process too and open the files of every container, which would be counted
/// here.
/// </summary>
[CollectionDefinition(nameof(CgroupAgreementTests), DisableParallelization = true)]
public sealed class CgroupAgreementSuite;
