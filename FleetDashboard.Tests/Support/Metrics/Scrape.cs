using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using Xunit;

namespace FleetDashboard.Tests.Support.Metrics;

/// <summary>One sample of a scrape.</summary>
internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value, string? At)
{
    public string this[string label] => Labels.GetValueOrDefault(label, "");
}

/// <summary>The response to a scrape.</summary>
internal sealed partial record Scrape(string Type, string? Encoding, string Text)
{
    public IReadOnlyList<Series> Series { get; } = [.. Text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Parse)];

    /// <summary>Metric types by family.</summary>
    public IReadOnlyDictionary<string, string> Kinds { get; } =
        Text.Split('\n')
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[2], parts => parts[3]);

    public IEnumerable<Series> Find(string container) => Series.Where(series => series["name"] == container);

    public double? Value(string metric, string container) => Find(container).SingleOrDefault(series => series.Name == metric)?.Value;

    public static async Task<Scrape> CadvisorAsync(
        CollectorHost collector,
        CancellationToken cancellationToken,
        string accept = "text/plain",
        bool gzip = false
    )
    {
        using var handler = new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None };
        using var http = new HttpClient(handler) { BaseAddress = collector.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, CollectorRoutes.CadvisorMetrics);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (gzip)
        {
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        }

        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var encoding = response.Content.Headers.ContentEncoding.SingleOrDefault();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(
            encoding == "gzip" ? new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress) : body
        );
        return new Scrape(response.Content.Headers.ContentType!.ToString(), encoding, await reader.ReadToEndAsync(cancellationToken));
    }

    /// <summary>The output of Prometheus' own checker. Empty if the scrape is valid.</summary>
    public async Task<string> CheckAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(HasPrometheus || Environment.GetEnvironmentVariable("CI") == "true", "Needs Debian's prometheus package");
        using var promtool = Process.Start(
            new ProcessStartInfo("promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var told = promtool.StandardError.ReadToEndAsync(cancellationToken);
        await promtool.StandardInput.WriteAsync(Text.AsMemory(), cancellationToken);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(cancellationToken);
        return await told + await promtool.StandardOutput.ReadToEndAsync(cancellationToken);
    }

    private static bool HasPrometheus => File.Exists("/usr/bin/promtool");

    private static Series Parse(string line)
    {
        var parts = Line().Match(line);
        Assert.True(parts.Success, $"Not a sample: {line}");
        var labels = Label()
            .Matches(parts.Groups["labels"].Value)
            .ToDictionary(
                label => label.Groups[1].Value,
                label => Escape().Replace(label.Groups[2].Value, match => match.Value == "\\n" ? "\n" : match.Value[1..])
            );
        return new Series(
            parts.Groups["name"].Value,
            labels,
            double.Parse(parts.Groups["value"].Value, CultureInfo.InvariantCulture),
            parts.Groups["at"].Success ? parts.Groups["at"].Value : null
        );
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>([a-zA-Z_]\w*="(\\[\\n"]|[^"\\])*",?)*)\})? (?<value>\S+)( (?<at>\S+))?$""")]
    private static partial Regex Line();

    [GeneratedRegex("""([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"(?:,|$)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\\[\\n""]")]
    private static partial Regex Escape();
}
