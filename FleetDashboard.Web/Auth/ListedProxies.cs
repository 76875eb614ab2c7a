using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace FleetDashboard.Web.Auth;

/// <summary>The reverse proxies whose word counts.</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Proxy";

    /// <summary>
    /// Addresses or networks, e.g. <c>10.0.0.7</c> or <c>172.30.5.0/24</c>. Only from them X-Forwarded-For, -Proto, -Prefix and, for
    /// <see cref="Hosts"/>, -Host are believed.
    /// </summary>
    public List<string> Trusted { get; set; } = [];

    /// <summary>
    /// Hosts that a listed proxy may say the browser asked for (X-Forwarded-Host); <c>*.example.org</c> covers subdomains. None: the Host
    /// header counts.
    /// </summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>
    /// The path that a proxy serves this page under, e.g. <c>/fleet</c>. Unset: what a listed proxy says in X-Forwarded-Prefix, else none.
    /// </summary>
    public string? PathBase { get; set; }

    public IEnumerable<string> HostEntries => Hosts.Where(host => !string.IsNullOrWhiteSpace(host)).Select(host => host.Trim());

    // An empty entry is a variable that a Compose file passes on and nobody has set.
    public IEnumerable<string> Entries => Trusted.Where(entry => !string.IsNullOrWhiteSpace(entry)).Select(entry => entry.Trim());

    public static bool TryRead(string entry, out IPNetwork network)
    {
        if (IPAddress.TryParse(entry, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(entry, out network);
    }
}

/// <summary>Checked at start; each message names the setting.</summary>
internal sealed class ProxyOptionsValidator(IConfiguration configuration) : IValidateOptions<ProxyOptions>
{
    // ASP.NET Core's own switch, which believes whoever asks.
    private const string EverybodySwitch = "FORWARDEDHEADERS_ENABLED";

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var failures = new ValidateOptionsResultBuilder();
        foreach (var entry in options.Entries)
        {
            if (!ProxyOptions.TryRead(entry, out var network))
            {
                failures.AddError($"Proxy:Trusted holds '{entry}': write an address (10.0.0.7) or a network (10.0.0.0/24).");
            }
            else if (network.PrefixLength == 0)
            {
                failures.AddError($"Proxy:Trusted holds '{entry}', which is everybody: name the proxy's own address.");
            }
        }

        foreach (
            var host in options.HostEntries.Where(host =>
                host == "*"
                || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) == UriHostNameType.Unknown
            )
        )
        {
            failures.AddError($"Proxy:Hosts holds '{host}'. Write a host name without scheme and port, e.g. fleet.example.org.");
        }
        if (!string.IsNullOrEmpty(options.PathBase) && !PathPrefix.IsOne(options.PathBase))
        {
            failures.AddError(
                $"Proxy:PathBase is '{options.PathBase}'. Write a path such as /fleet: a slash, then letters, digits, '.', '_', '~' or '-', and no slash at the end."
            );
        }

        if (bool.TryParse(configuration[EverybodySwitch], out var everybody) && everybody)
        {
            failures.AddError(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes forwarded headers from everybody: remove it, and list the proxy in Proxy:Trusted."
            );
        }

        return failures.Build();
    }
}

/// <summary>
/// What a listed proxy says of the browser (its address, https, the path prefix, a listed host) is taken as if the browser had come by
/// itself: for the limits of
/// signing in, the audit trail, the Secure mark of cookies and redirects.
/// </summary>
internal static class ListedProxies
{
    public static void AddListedProxies(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        builder.Services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.SectionName).ValidateOnStart();
        builder.Services.PostConfigure<HostFilteringOptions>(hosts =>
        {
            // The health command asks at localhost, which no other site's name can be.
            if (!hosts.AllowedHosts.Contains("*"))
            {
                hosts.AllowedHosts = [.. hosts.AllowedHosts, "localhost"];
            }
        });
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>(Trust);
    }

    /// <summary>First of all, so that everything after it sees the browser and not the proxy.</summary>
    public static void UseListedProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        if (proxies.Entries.Any())
        {
            app.UseWellFormedPrefix();
            app.UseForwardedHeaders();
        }
        app.UsePathPrefix(proxies.PathBase);
    }

    private static void Trust(ForwardedHeadersOptions headers, IOptions<ProxyOptions> proxies)
    {
        headers.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        if (string.IsNullOrEmpty(proxies.Value.PathBase))
        {
            headers.ForwardedHeaders |= ForwardedHeaders.XForwardedPrefix;
        }

        // A proxy that does not set this header passes the browser's own on, so only names that are known count.
        if (proxies.Value.HostEntries.Any())
        {
            headers.ForwardedHeaders |= ForwardedHeaders.XForwardedHost;
            headers.AllowedHosts = [.. proxies.Value.HostEntries];
        }

        // Loopback is trusted out of the box; here only what is listed. A chain of listed proxies is followed to the first that is not.
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        headers.ForwardLimit = null;
        foreach (var entry in proxies.Value.Entries)
        {
            if (ProxyOptions.TryRead(entry, out var network))
            {
                headers.KnownIPNetworks.Add(network);
            }
        }
    }
}
