using System.Globalization;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>
/// Times in the engine's queries: seconds since 1970 and, after a dot, nanoseconds. Like the engine, this accepts no other format.
/// </summary>
internal static class EngineTime
{
    public static bool TryParse(string? text, out DateTimeOffset? at)
    {
        at = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var parts = text.Split('.', 2);
        var nanos = 0L;
        if (
            !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            || (
                parts.Length == 2
                && !long.TryParse(parts[1].PadRight(9, '0')[..9], NumberStyles.None, CultureInfo.InvariantCulture, out nanos)
            )
        )
        {
            return false;
        }

        // Clients send 0 for "not set".
        at = seconds <= 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 250_000_000_000)).AddTicks(nanos / 100);
        return true;
    }
}
