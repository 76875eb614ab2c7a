using System.Globalization;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Chooses the version of the engine's API: the newest that both sides speak. With an older version the engine silently drops newer
/// settings when a container is recreated.
/// </summary>
internal static class EngineApi
{
    /// <summary>The version of Docker 20.10, the first with one-shot stats.</summary>
    public static readonly Version Oldest = new(1, 41);

    /// <summary>
    /// The version of Docker 28.5. Every change of the API up to it was compared with the fields that the Collector reads and sends.
    /// </summary>
    public static readonly Version Newest = new(1, 51);

    /// <summary>The version to speak.</summary>
    /// <param name="engine">The name of the engine, e.g. <c>Docker</c>.</param>
    /// <param name="release">The engine's own version, e.g. <c>28.5.2</c>.</param>
    /// <param name="newest">The newest API version that the engine speaks; null where it does not say.</param>
    /// <param name="oldest">The oldest API version that the engine speaks; null where it does not say.</param>
    /// <exception cref="EngineTooOldException">The engine does not know <see cref="Oldest"/>.</exception>
    public static Version Choose(string engine, string release, string? newest, string? oldest)
    {
        var (known, least) = (Parse(newest) ?? Oldest, Parse(oldest) ?? Oldest);
        if (known < Oldest)
        {
            throw new EngineTooOldException(
                engine == "Docker" && release.Length > 0
                    ? $"Docker {Short(release)} is too old: 20.10 or newer is needed."
                    : $"{engine} {release} is too old: it speaks API {known}, and {Oldest} (Docker 20.10) or newer is needed."
            );
        }

        var wanted = known < Newest ? known : Newest;
        return least > wanted ? least : wanted;
    }

    /// <summary>Reads a version such as <c>1.41</c>; null for anything else.</summary>
    public static Version? Parse(string? text) =>
        text?.Split('.') is [var major, var minor]
        && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            ? new Version(first, second)
            : null;

    // 19.03.15 -> 19.03
    private static string Short(string release) => string.Join('.', release.Split('.', '-', '+').Take(2));
}
