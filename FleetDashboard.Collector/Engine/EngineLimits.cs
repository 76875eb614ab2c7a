namespace FleetDashboard.Collector.Engine;

/// <summary>
/// All limits on the engine's answers. Names, labels and health checks are text of the containers' authors, and an engine, or a proxy
/// before it, can send anything. A value over its limit is cut or left out, and never affects the other values.
/// </summary>
internal static class EngineLimits
{
    /// <summary>The most bytes of one answer, by kind.</summary>
    public const int ListBytes = 64 << 20,
        InspectBytes = 8 << 20,
        SmallBytes = 1 << 20,
        NetworksBytes = 16 << 20,
        ImagesBytes = 64 << 20,
        StatsBytes = 1 << 20;

    /// <summary>The most bytes of one event, and of one message of a pull or build.</summary>
    public const int EventBytes = 256 << 10,
        MessageBytes = 1 << 20;

    /// <summary>The most bytes of a refusal that are read.</summary>
    public const int RefusalBytes = 16 << 10;

    public const int Containers = 20_000,
        Networks = 5_000,
        Images = 50_000,
        Services = 5_000;

    /// <summary>Per container or network.</summary>
    public const int Labels = 512,
        Ports = 4_096,
        Attachments = 256,
        Subnets = 64,
        Devices = 4_096;

    /// <summary>Characters of a name, an image reference or an address; of a label's key; of a label's value; of a sentence.</summary>
    public const int NameLength = 256,
        LabelKeyLength = 256,
        LabelValueLength = 4_096,
        SentenceLength = 1_024;

    /// <summary>The largest size that is believed: 1 PiB. Sums of ten thousand of them still fit a 64-bit number.</summary>
    public const long Bytes = 1L << 50;

    /// <summary>The most CPUs of a host that are believed.</summary>
    public const int Cpus = 16_384;

    /// <summary>The longest health check interval, timeout, start period or stop timeout that is believed: one day.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromDays(1);

    /// <summary>
    /// True for a time between 1970 and 2200. Other times are malformed, and arithmetic at the ends of the calendar throws.
    /// </summary>
    public static bool IsTime(DateTimeOffset time) => time.UtcDateTime.Year is >= 1970 and < 2200;

    /// <summary>Cuts a text to a length. Null becomes the empty text.</summary>
    public static string Cut(string? text, int length = NameLength) =>
        text is null ? ""
        : text.Length <= length ? text
        : text[..(length - 1)] + "…";

    /// <summary>A duration between zero and <see cref="Duration"/>.</summary>
    public static TimeSpan Clamp(TimeSpan value) =>
        value < TimeSpan.Zero ? TimeSpan.Zero
        : value > Duration ? Duration
        : value;

    /// <summary>A count as an <see cref="int"/>, cut to its range.</summary>
    public static int Count(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    /// <summary>A size in bytes that can be believed, or null.</summary>
    public static long? Size(long? value) => value is >= 0 and <= Bytes ? value : null;
}
