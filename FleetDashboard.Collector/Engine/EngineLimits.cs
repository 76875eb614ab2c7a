namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The limits on what the engine may say, all in one place. Names, labels and health checks are other people's text, and an engine (or a
/// proxy
/// before it) can answer anything. What is over a limit is cut or left out, and never stops the rest.
/// </summary>
internal static class EngineLimits
{
    /// <summary>Bytes of one answer, by what was asked for.</summary>
    public const int ListBytes = 64 << 20,
        InspectBytes = 8 << 20,
        SmallBytes = 1 << 20,
        NetworksBytes = 16 << 20,
        ImagesBytes = 64 << 20,
        StatsBytes = 1 << 20;

    /// <summary>Bytes of one event, and of one message of a pull or a build.</summary>
    public const int EventBytes = 256 << 10,
        MessageBytes = 1 << 20;

    /// <summary>Characters of a refusal that are read.</summary>
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

    /// <summary>The most CPUs that are believed of one host.</summary>
    public const int Cpus = 16_384;

    /// <summary>The longest health check interval, timeout, start period or stop timeout that is believed: one day.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromDays(1);

    /// <summary>
    /// True for a time between 1970 and 2200: what is outside cannot be meant, and arithmetic at the ends of the calendar throws.
    /// </summary>
    public static bool IsTime(DateTimeOffset time) => time.UtcDateTime.Year is >= 1970 and < 2200;

    /// <summary>Cuts a text to a length; null becomes the empty text.</summary>
    public static string Cut(string? text, int length = NameLength) =>
        text is null ? ""
        : text.Length <= length ? text
        : text[..(length - 1)] + "…";

    /// <summary>A duration between zero and <see cref="Duration"/>.</summary>
    public static TimeSpan Clamp(TimeSpan value) =>
        value < TimeSpan.Zero ? TimeSpan.Zero
        : value > Duration ? Duration
        : value;

    /// <summary>A count as an <see cref="int"/>, whatever the engine sent.</summary>
    public static int Count(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    /// <summary>A size in bytes that can be believed, or null.</summary>
    public static long? Size(long? value) => value is >= 0 and <= Bytes ? value : null;
}
