using BenchmarkDotNet.Running;
using FleetDashboard.Benchmarks;

// dotnet run --project bench/FleetDashboard.Benchmarks -c Release -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(SweepBenchmarks).Assembly).Run(args);
