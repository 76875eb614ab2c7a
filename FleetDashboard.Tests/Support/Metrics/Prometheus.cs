using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace FleetDashboard.Tests.Support.Metrics;

/// <summary>Debian's Prometheus on its own port, scraping both routes of a Collector every second.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    /// <summary>Shorter than the default of five minutes, so that a test sees a series end.</summary>
    private const string Lookback = "20s";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _http;

    private Prometheus(Process process, DirectoryInfo folder, int port) =>
        (_process, _folder, _http) = (
            process,
            folder,
            new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.Deadline }
        );

    /// <param name="collector">The Collector to scrape.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="rules">A rules file, as text, evaluated every second.</param>
    /// <param name="beside">Another exporter to scrape.</param>
    public static async Task<Prometheus> StartAsync(
        CollectorHost collector,
        CancellationToken cancellationToken,
        string? rules = null,
        Uri? beside = null
    )
    {
        Assert.SkipUnless(
            File.Exists("/usr/bin/prometheus") || Environment.GetEnvironmentVariable("CI") == "true",
            "Needs Debian's prometheus package"
        );
        var folder = Directory.CreateTempSubdirectory("fleet-prometheus-");
        var config = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: [rules.yml]
            scrape_configs:
              - { job_name: fleet, metrics_path: /metrics, static_configs: [{ targets: ["{{collector.Address.Authority}}"] }] }
              - { job_name: cadvisor, metrics_path: /metrics/cadvisor, static_configs: [{ targets: ["{{collector.Address.Authority}}"] }] }
            {{(beside is null ? "" : $"  - {{ job_name: beside, static_configs: [{{ targets: [\"{beside.Authority}\"] }}] }}")}}
            """,
            cancellationToken
        );
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "rules.yml"), rules ?? "groups: []", cancellationToken);
        var port = UnusedPort.Find();
        var process = Process.Start(
            new ProcessStartInfo(
                "prometheus",
                [
                    $"--config.file={config}",
                    $"--storage.tsdb.path={folder.FullName}/data",
                    $"--web.listen-address=127.0.0.1:{port}",
                    $"--query.lookback-delta={Lookback}",
                    "--log.level=error",
                ]
            )
        )!;
        var prometheus = new Prometheus(process, folder, port);
        await prometheus.UntilAsync("sum(up)", result => result is [var up] && up.Value == (beside is null ? 2 : 3));
        return prometheus;
    }

    /// <summary>The current result of an expression. A scalar is one sample without labels.</summary>
    public async Task<IReadOnlyList<Series>> QueryAsync(string expression, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent([new("query", expression)]);
        using var response = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form, cancellationToken);
        using var json = (await response.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken))!;
        if (json.RootElement.GetProperty("status").GetString() != "success")
        {
            throw new FormatException($"{expression}: {json.RootElement.GetProperty("error").GetString()}");
        }

        var data = json.RootElement.GetProperty("data");
        return data.GetProperty("resultType").GetString() == "vector"
            ? [.. data.GetProperty("result").EnumerateArray().Select(one => Read(one.GetProperty("metric"), one.GetProperty("value")))]
            : [Read(default, data.GetProperty("result"))];
    }

    /// <summary>Polls until the result matches.</summary>
    public Task<IReadOnlyList<Series>> UntilAsync(string expression, Func<IReadOnlyList<Series>, bool> wanted) =>
        Eventually.GetAsync(
            token => TryAsync(expression, token),
            wanted,
            TimeSpan.FromSeconds(120),
            result =>
                $"{result.Count} series of {expression}: "
                + $"{string.Join(", ", result.Take(9).Select(one => string.Join(' ', one.Labels.Values)))}"
        );

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // Not listening yet counts as not ready yet.
    private async Task<IReadOnlyList<Series>> TryAsync(string expression, CancellationToken cancellationToken)
    {
        try
        {
            return await QueryAsync(expression, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private static Series Read(JsonElement labels, JsonElement value) =>
        new(
            "",
            labels.ValueKind == JsonValueKind.Object
                ? labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!)
                : new Dictionary<string, string>(),
            double.Parse(
                value[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal),
                System.Globalization.CultureInfo.InvariantCulture
            ),
            null
        );
}
