using System.Text;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Clients;

/// <summary>The Collectors whose hosts make up the fleet, and the secret that signs what is asked of them.</summary>
internal sealed class CollectorsOptions
{
    public const string SectionName = "Collectors";

    /// <summary>Signs the tokens; its UTF-8 bytes are the key. Never sent.</summary>
    public string SharedSecret { get; set; } = "";

    public List<CollectorHostOptions> Hosts { get; set; } = [];
}

/// <summary>One Collector.</summary>
internal sealed class CollectorHostOptions
{
    /// <summary>Where it listens.</summary>
    public Uri? Url { get; set; }

    /// <summary>What to call its host; the engine's own name when unset.</summary>
    public string? Name { get; set; }
}

/// <summary>Refuses to start on a setting that could only fail later, and says which one.</summary>
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
            yield return $"Collectors:SharedSecret (FLEET_SHARED_SECRET) is missing: set it to the Collector's secret, at least {CollectorToken.MinSecretBytes} bytes.";
        }
        else if (bytes < CollectorToken.MinSecretBytes)
        {
            yield return $"Collectors:SharedSecret (FLEET_SHARED_SECRET) has {bytes} bytes: at least {CollectorToken.MinSecretBytes} are needed.";
        }
        if (options.Hosts.Count == 0)
        {
            yield return "Collectors:Hosts is empty: set Collectors:Hosts:0:Url to the Collector's address, e.g. http://localhost:5081.";
        }
        for (var i = 0; i < options.Hosts.Count; i++)
        {
            if (options.Hosts[i].Url is not { IsAbsoluteUri: true } url || !IsHttp(url))
            {
                yield return $"Collectors:Hosts:{i}:Url must be an absolute http or https address.";
            }
        }
    }

    // "https+http" is how service discovery writes "whichever there is".
    private static bool IsHttp(Uri url) => url.Scheme is "http" or "https" or "https+http" or "http+https";
}
