using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>The engine's list of containers.</summary>
/// <param name="Containers">Each once, by its id.</param>
/// <param name="Unusable">The number of entries that cannot be shown: without a valid id, or beyond the limit.</param>
/// <param name="Sent">When the engine sent it; null without a Date header.</param>
internal sealed record ContainerList(ImmutableArray<ListedContainer> Containers, int Unusable, EngineMoment? Sent)
{
    /// <summary>
    /// Reads the answer to <c>GET /containers/json</c>. Entries are read one by one: a malformed one is left out.
    /// </summary>
    /// <exception cref="InvalidDataException">The answer is not a list.</exception>
    public static ContainerList Read(EngineAnswer answer, EngineClock clock)
    {
        if (answer.Root.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException("The engine's list of containers is not a list.");
        }

        var total = answer.Root.GetArrayLength();
        var containers = ((JsonElement?)answer.Root)
            .Items(EngineLimits.Containers)
            .Select(entry => Entry(entry, clock))
            .OfType<ListedContainer>()
            .DistinctBy(container => container.Id)
            .ToImmutableArray();
        return new ContainerList(containers, total - containers.Length, answer.Sent);
    }

    /// <summary>True for a full container id as the engine writes it.</summary>
    public static bool IsId(string? text) => text is { Length: >= 12 and <= 64 } && text.All(char.IsAsciiHexDigitLower);

    private static ListedContainer? Entry(JsonElement entry, EngineClock clock) =>
        entry.Text("Id") is { } id && IsId(id)
            ? new ListedContainer(id, ContainerStates.Normalize(entry.Text("State")))
            {
                Name = Name(entry) ?? ShortId.From(id),
                Image = entry.Text("Image") ?? "",
                ImageId = entry.Text("ImageID") ?? "",
                Labels = entry.Labels("Labels"),
                CreatedAt = Created(entry, clock),
                NetworkMode = entry.Member("HostConfig")?.Text("NetworkMode") ?? "default",
                Ports = [.. Ports(entry).Distinct()],
                Networks = Networks(entry),
            }
            : null;

    // A linked container also has the names of its links: "/web/db". Its own name has one slash.
    private static string? Name(JsonElement entry)
    {
        var names = entry
            .Member("Names")
            .Items(EngineLimits.Attachments)
            .Select(name => EngineJson.AsText(name, EngineLimits.NameLength))
            .OfType<string>()
            .Select(name => name.TrimStart('/'))
            .Where(name => name.Length > 0)
            .ToList();
        return names.Find(name => !name.Contains('/', StringComparison.Ordinal)) ?? names.FirstOrDefault();
    }

    // Seconds since 1970. Podman writes text in some versions.
    private static DateTimeOffset? Created(JsonElement entry, EngineClock clock)
    {
        const long year2199 = 7_226_582_400;
        return entry.Number("Created") is > 0 and < year2199 and var seconds
            ? clock.ToOurs(DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;
    }

    private static IEnumerable<PortClaim> Ports(JsonElement entry) =>
        from port in entry.Member("Ports").Items(EngineLimits.Ports)
        let published = port.Number("PublicPort")
        let target = port.Number("PrivatePort")
        where published is > 0 and <= ushort.MaxValue && target is > 0 and <= ushort.MaxValue
        select new PortClaim(
            port.Text("IP") is { Length: > 0 } address ? address : "0.0.0.0",
            (int)published.Value,
            port.Text("Type") ?? "tcp",
            (int)target.Value
        );

    private static ImmutableArray<NetworkAttachment> Networks(JsonElement entry) =>
        [
            .. entry
                .Member("NetworkSettings")
                ?.Member("Networks")
                .Members(EngineLimits.Attachments)
                .OrderBy(network => network.Name, StringComparer.Ordinal)
                .Select(network => new NetworkAttachment(
                    network.Value.Text("NetworkID") ?? "",
                    EngineLimits.Cut(network.Name),
                    [
                        .. new[] { network.Value.Text("IPAddress"), network.Value.Text("GlobalIPv6Address") }
                            .OfType<string>()
                            .Where(address => address.Length > 0),
                    ]
                ))
                ?? [],
        ];
}

/// <summary>The states of a container, as Docker names them.</summary>
internal static class ContainerStates
{
    private static readonly string[] Known = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];

    /// <summary>Docker's name for a state of Docker or Podman. An unknown state is returned unchanged, and shown as unknown.</summary>
    public static string Normalize(string? state) =>
        state?.Trim().ToLower(CultureInfo.InvariantCulture) switch
        {
            null or "" => "unknown",
            "stopped" => "exited",
            "configured" or "initialized" => "created",
            "stopping" => "running",
            var other => other,
        };

    public static bool IsKnown(string state) => Known.Contains(state);
}
