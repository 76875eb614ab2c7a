using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FleetDashboard.Benchmarks;

// dotnet run --project bench/FleetDashboard.Benchmarks -c Release -- --filter '*'
// In this process: the project that BenchmarkDotNet would build for each run takes longer than its own deadline where other work goes on.
// For the same reason the
// quickest of the iterations is told too: it is the least disturbed one.
// With `-- cpu` instead: what a sweep takes of the processor, which other work on the machine does not lengthen as it does wall time.
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
