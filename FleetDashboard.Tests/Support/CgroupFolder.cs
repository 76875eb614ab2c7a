using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Sampling.Cgroups;
using Microsoft.Extensions.Logging.Abstractions;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A cgroup v2 tree in a folder, in the formats of the kernel's Documentation/admin-guide/cgroup-v2.rst, with a /proc beside it. Files are
/// overwritten in place, like the kernel's.
/// </summary>
internal sealed class CgroupFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-cgroup-");

    public CgroupFolder()
    {
        Directory.CreateDirectory(ProcRoot);
        Write("cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma misc\n");
    }

    public string Root => Path.Combine(_folder.FullName, "cgroup");

    public string ProcRoot => Path.Combine(_folder.FullName, "proc");

    public SamplingOptions Options => new() { CgroupRoot = Root, ProcRoot = ProcRoot };

    public CgroupReader Source(TimeProvider? time = null) =>
        new(Microsoft.Extensions.Options.Options.Create(Options), time ?? TimeProvider.System, NullLogger<CgroupReader>.Instance);

    /// <summary>Writes all files of one container, with a different number in every field.</summary>
    /// <param name="path">The container's folder below the root.</param>
    /// <param name="microseconds">CPU time.</param>
    public void Container(string path, long microseconds = 5_000_000)
    {
        Write(
            $"{path}/cpu.stat",
            $"""
            usage_usec {microseconds}
            user_usec 3000000
            system_usec 2000000
            core_sched.force_idle_usec 0
            nr_periods 100
            nr_throttled 40
            throttled_usec 700000
            nr_bursts 0
            burst_usec 0

            """
        );
        Write($"{path}/memory.current", "104857600\n");
        Write($"{path}/memory.max", "max\n");
        Write($"{path}/memory.peak", "209715200\n");
        Write($"{path}/memory.swap.current", "4096\n");
        Write($"{path}/memory.events", "low 0\nhigh 3\nmax 17\noom 2\noom_kill 1\noom_group_kill 0\n");
        Write(
            $"{path}/memory.stat",
            """
            anon 50000000
            file 40000000
            kernel 9000000
            kernel_stack 100000
            file_mapped 7000000
            file_dirty 1
            inactive_anon 11
            active_anon 12
            inactive_file 30000000
            active_file 10000000
            unevictable 0
            workingset_refault_anon 5
            pgfault 123456
            pgmajfault 78

            """
        );
        Write($"{path}/pids.current", "9\n");
        Write(
            $"{path}/io.stat",
            "8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n"
                + "8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=50331648 dios=3021\n7:0 \n"
        );
    }

    public void Process(int pid, string cgroup, string? interfaces = null)
    {
        Directory.CreateDirectory(Path.Combine(ProcRoot, $"{pid}", "net"));
        File.WriteAllText(Path.Combine(ProcRoot, $"{pid}", "cgroup"), $"0::{cgroup}\n");
        File.WriteAllText(
            Path.Combine(ProcRoot, $"{pid}", "net", "dev"),
            interfaces
                ?? """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
                 tunl0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
                  eth1: 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35
                  eth0:     100      11    2    3    4     5          6         7     1000      12    8    9    0     0       0          0
                docker0: 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5

                """
        );
    }

    public void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
