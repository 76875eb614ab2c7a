using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.DemoEngine;

public sealed class LogTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private DemoEngineHost _demo = null!;
    private DockerClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _demo = await DemoEngineHost.StartAsync(_time, cancellationToken: Cancel);
        _client = _demo.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _demo.DisposeAsync();
    }

    [Fact]
    public async Task Logs_Tail_RequestedAgain_AreTheSame()
    {
        var first = await ReadAsync(
            "storefront-web-1",
            new()
            {
                ShowStdout = true,
                ShowStderr = true,
                Tail = "50",
                Timestamps = true,
            }
        );
        var second = await ReadAsync(
            "storefront-web-1",
            new()
            {
                ShowStdout = true,
                ShowStderr = true,
                Tail = "50",
                Timestamps = true,
            }
        );

        Assert.Equal(50, Lines(first.Out).Count + Lines(first.Error).Count);
        Assert.Equal(first, second);
        Assert.Contains("HTTP/1.1", first.Out, StringComparison.Ordinal);
        Assert.Equal(Lines(first.Out).Order(StringComparer.Ordinal), Lines(first.Out));
    }

    [Fact]
    public async Task Logs_CrashLoop_EndWithThePanicOnStandardError()
    {
        var (output, error) = await ReadAsync(
            "trouble-worker-1",
            new()
            {
                ShowStdout = true,
                ShowStderr = true,
                Tail = "7",
            }
        );

        Assert.Empty(output);
        Assert.StartsWith("panic: runtime error", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_TailAndUntil_ApplyTheTailFirst()
    {
        var until = $"{_time.GetUtcNow().AddHours(-1).ToUnixTimeSeconds()}";

        var (short1, short2) = await ReadAsync(
            "storefront-web-1",
            new()
            {
                ShowStdout = true,
                ShowStderr = true,
                Tail = "5",
                Until = until,
            }
        );
        var (all, _) = await ReadAsync(
            "storefront-web-1",
            new()
            {
                ShowStdout = true,
                ShowStderr = true,
                Until = until,
                Since = $"{_time.GetUtcNow().AddHours(-2).ToUnixTimeSeconds()}",
            }
        );

        Assert.Empty(short1 + short2);
        Assert.InRange(Lines(all).Count, 1000, 5000);
    }

    [Fact]
    public async Task Logs_Terminal_AreNotFramed()
    {
        using var stream = await _client.Containers.GetContainerLogsAsync(
            "backup",
            new ContainerLogsParameters { ShowStdout = true, Tail = "3" },
            Cancel
        );
        var (text, _) = await stream.ReadOutputToEndAsync(Cancel);

        Assert.Equal(3, Lines(text).Count);
        Assert.StartsWith("\e[32m[", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_NoStream_AreRefused()
    {
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => ReadAsync("backup", new() { Tail = "3" }));

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Logs_Follow_ReturnNewLinesUntilTheContainerExits()
    {
        await using var demo = await DemoEngineHost.StartAsync(cancellationToken: Cancel);
        using var client = demo.CreateClient();
        using var stream = await client.Containers.GetContainerLogsAsync(
            "crm-worker-1",
            new ContainerLogsParameters
            {
                ShowStdout = true,
                ShowStderr = true,
                Follow = true,
                Tail = "20",
            },
            Cancel
        );

        demo.Crash("crm-worker-1");

        var (output, error) = await stream.ReadOutputToEndAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Contains("FATAL unhandled exception", error, StringComparison.Ordinal);
        Assert.Contains("INFO  job", output, StringComparison.Ordinal);
    }

    private async Task<(string Out, string Error)> ReadAsync(string name, ContainerLogsParameters parameters)
    {
        using var stream = await _client.Containers.GetContainerLogsAsync(name, parameters, Cancel);
        return await stream.ReadOutputToEndAsync(Cancel);
    }

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
