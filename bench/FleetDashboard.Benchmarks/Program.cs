using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FleetDashboard.Benchmarks;

// dotnet run --project bench/FleetDashboard.Benchmarks -c Release -- --filter '*' Runs in this process: the project that BenchmarkDotNet
// would build for each run takes longer than its own timeout if the machine has other load. For the same reason it also reports the fastest
// iteration, which is disturbed the least. With `-- cpu` instead: the CPU time of a sweep, which other load on the machine does not affect
// as it affects wall time.
if (args is ["cpu"])
{
    SweepCpu.Print();
    return;
}

BenchmarkSwitcher
    .FromAssembly(typeof(SweepBenchmarks).Assembly)
    .Run(
        args,
        DefaultConfig
            .Instance.AddJob(Job.ShortRun.WithIterationCount(10).WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
    );
