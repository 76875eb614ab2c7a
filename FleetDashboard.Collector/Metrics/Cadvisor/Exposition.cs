using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

internal enum MetricKind
{
    Gauge,
    Counter,
}

/// <summary>
/// Writes Prometheus' text format or OpenMetrics, family by family. They differ in a counter's family name, the unit of a timestamp, the
/// escapes of a help text and the last line. The series are the same.
/// </summary>
internal sealed class Exposition(PipeWriter output, bool openMetrics)
{
    public const string TextType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private const string Total = "_total";
    private const int FlushBytes = 64 * 1024;

    private byte[] _name = [];

    /// <summary>Begins a family; all of its samples follow before the next one.</summary>
    public void Family(string name, MetricKind kind, string help)
    {
        _name = Encoding.UTF8.GetBytes(name);
        var (family, type) = (name, kind == MetricKind.Counter ? "counter" : "gauge");
        if (kind == MetricKind.Counter && !name.EndsWith(Total, StringComparison.Ordinal))
        {
            // OpenMetrics would rename this counter, and promtool rejects it. Alert rules use the name, so the type is written as unknown.
            type = openMetrics ? "unknown" : "untyped";
        }
        else if (openMetrics && kind == MetricKind.Counter)
        {
            family = name[..^Total.Length];
        }

        Write($"# HELP {family} {Escape(help, quotes: openMetrics)}\n# TYPE {family} {type}\n");
    }

    /// <summary>One sample of the family.</summary>
    /// <param name="labels">Labels formatted with <see cref="Label"/>; may be empty.</param>
    /// <param name="value">Its value.</param>
    /// <param name="at">Its timestamp; null for the time of the scrape.</param>
    /// <param name="more">Labels of this sample alone.</param>
    public void Sample(ReadOnlySpan<byte> labels, double value, DateTimeOffset? at, params ReadOnlySpan<(string Name, string Value)> more)
    {
        output.Write(_name);
        if (labels.Length > 0 || more.Length > 0)
        {
            output.Write("{"u8);
            output.Write(labels);
            var first = labels.Length == 0;
            foreach (var (name, text) in more)
            {
                Write((first ? "" : ",") + Label(name, text));
                first = false;
            }

            output.Write("}"u8);
        }

        output.Write(" "u8);
        Write(value);
        if (at is { } time)
        {
            output.Write(" "u8);
            Write(openMetrics ? time.ToUnixTimeMilliseconds() / 1000d : time.ToUnixTimeMilliseconds());
        }

        output.Write("\n"u8);
    }

    /// <summary>Sends the buffered text. Waits for a slow reader.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (output.UnflushedBytes > FlushBytes)
        {
            await output.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (openMetrics)
        {
            output.Write("# EOF\n"u8);
        }

        await output.FlushAsync(cancellationToken);
    }

    /// <summary>One label with its value, escaped.</summary>
    public static string Label(string name, string value) => $"{name}=\"{Escape(MetricLabel.Bounded(value), quotes: true)}\"";

    private static string Escape(string text, bool quotes)
    {
        if (text.AsSpan().IndexOfAny('\\', '\n', '"') < 0)
        {
            return text;
        }

        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);

    private void Write(double value)
    {
        const int longest = 32;
        var span = output.GetSpan(longest);
        if (!value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture))
        {
            throw new FormatException($"{value} does not fit."); // The longest double has 24 characters.
        }

        output.Advance(written);
    }
}
