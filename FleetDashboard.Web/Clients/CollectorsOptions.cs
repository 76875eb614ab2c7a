using System.Text;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Clients;

/// <summary>The Collectors of the fleet, and the secret that signs requests to them.</summary>
internal sealed class CollectorsOptions
{
    public const string SectionName = "Collectors";

    /// <summary>Signs the tokens. Its UTF-8 bytes are the key. It is never sent.</summary>
    public string SharedSecret { get; set; } = "";

    /// <summary>The Collectors with a configured address.</summary>
    public List<CollectorHostOptions> Hosts { get; set; } = [];

    /// <summary>
    /// DNS names of which every address is a Collector, e.g. <c>http://tasks.collector:8080</c> for a global service of a Swarm.
    /// </summary>
    public List<Uri> Discover { get; set; } = [];

    /// <summary>Time between two lookups of these names.</summary>
    public TimeSpan DiscoverEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a discovered Collector that does not answer stays on the page after its address has left DNS.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>One Collector.</summary>
internal sealed class CollectorHostOptions
{
    /// <summary>Its address.</summary>
    public Uri? Url { get; set; }

    /// <summary>The host's name; the engine's own name when unset. Addresses of the page contain it.</summary>
    public string? Name
    {
        get;
        set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    /// <summary>
    /// Compresses its stream. Worth it across a network, not on one host. Discovered Collectors are always asked for compression.
    /// </summary>
    public bool Compress { get; set; }
}

/// <summary>Rejects settings that could only fail later, and names them.</summary>
internal sealed class CollectorsOptionsValidator : IValidateOptions<CollectorsOptions>
{
    public ValidateOptionsResult Validate(string? name, CollectorsOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(CollectorsOptions options)
    {
        var bytes = Encoding.UTF8.GetByteCount(options.SharedSecret);
        if (bytes == 0)
        {
            yield return "Collectors:SharedSecret (FLEET_SHARED_SECRET) is missing: set it to the Collector's secret, at least "
                + $"{CollectorToken.MinSecretBytes} bytes.";
        }
        else if (bytes < CollectorToken.MinSecretBytes)
        {
            yield return $"Collectors:SharedSecret (FLEET_SHARED_SECRET) has {bytes} bytes: at least {CollectorToken.MinSecretBytes} "
                + "are needed.";
        }
        if (options.Hosts.Count == 0 && options.Discover.Count == 0)
        {
            yield return "Collectors:Hosts is empty: set Collectors:Hosts:0:Url to the Collector's address, e.g. http://localhost:5081.";
        }
        for (var i = 0; i < options.Hosts.Count; i++)
        {
            var host = options.Hosts[i];
            if (host.Url is not { IsAbsoluteUri: true } url || !IsHttp(url))
            {
                yield return $"Collectors:Hosts:{i}:Url must be an absolute http or https address.";
            }
            else if (options.Hosts.Take(i).Any(other => other.Url == url))
            {
                yield return $"Collectors:Hosts:{i}:Url names a Collector that is already listed. Remove it.";
            }
            if (
                host.Name is { } told
                && (
                    told.Contains('/', StringComparison.Ordinal)
                    || told.Any(char.IsControl)
                    || options.Hosts.Take(i).Any(other => other.Name == told)
                )
            )
            {
                yield return $"Collectors:Hosts:{i}:Name must be unique and without slashes. Leave it out to use the engine's name.";
            }
        }
        for (var i = 0; i < options.Discover.Count; i++)
        {
            // The request goes to an IP address, which has no certificate.
            if (options.Discover[i] is not { IsAbsoluteUri: true, Scheme: "http" })
            {
                yield return $"Collectors:Discover:{i} must be an http address with a DNS name, e.g. " + "http://tasks.collector:8080.";
            }
        }
        if (options.DiscoverEvery < TimeSpan.FromSeconds(1) || options.DiscoverEvery > TimeSpan.FromHours(1))
        {
            yield return "Collectors:DiscoverEvery must be between 00:00:01 and 01:00:00.";
        }
        if (options.ForgetAfter < TimeSpan.Zero)
        {
            yield return "Collectors:ForgetAfter must not be negative.";
        }
    }

    // "https+http" is service discovery's notation for either scheme.
    private static bool IsHttp(Uri url) => url.Scheme is "http" or "https" or "https+http" or "http+https";
}
