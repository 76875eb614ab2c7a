using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace FleetDashboard.Web.Auth;

/// <summary>The reverse proxies whose forwarded headers are trusted.</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Proxy";

    /// <summary>
    /// Addresses or networks, e.g. <c>10.0.0.7</c> or <c>172.30.5.0/24</c>. X-Forwarded-For, -Proto and -Prefix are trusted from these
    /// only, and -Host for <see cref="Hosts"/>.
    /// </summary>
    public List<string> Trusted { get; set; } = [];

    /// <summary>
    /// Host names that a listed proxy may pass in X-Forwarded-Host. <c>*.example.org</c> covers subdomains. If empty, the Host header is
    /// used.
    /// </summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>
    /// The path under which a proxy serves the dashboard, e.g. <c>/fleet</c>. If unset, X-Forwarded-Prefix of a listed proxy is used.
    /// </summary>
    public string? PathBase { get; set; }

    public IEnumerable<string> HostEntries => Hosts.Where(host => !string.IsNullOrWhiteSpace(host)).Select(host => host.Trim());

    // A Compose file passes on a variable that is not set as an empty entry.
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

/// <summary>Checks the proxy settings at start. Each message names the setting.</summary>
internal sealed class ProxyOptionsValidator(IConfiguration configuration) : IValidateOptions<ProxyOptions>
{
    // ASP.NET Core's own switch, which trusts forwarded headers from every address.
    private const string TrustAllSwitch = "FORWARDEDHEADERS_ENABLED";

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var failures = new ValidateOptionsResultBuilder();
        foreach (var entry in options.Entries)
        {
            if (!ProxyOptions.TryRead(entry, out var network))
            {
                failures.AddError($"Proxy:Trusted contains '{entry}'. Write an address (10.0.0.7) or a network (10.0.0.0/24).");
            }
            else if (network.PrefixLength == 0)
            {
                failures.AddError($"Proxy:Trusted contains '{entry}', which matches every address. Write the proxy's own address.");
            }
        }

        foreach (
            var host in options.HostEntries.Where(host =>
                host == "*"
                || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) == UriHostNameType.Unknown
            )
        )
        {
            failures.AddError($"Proxy:Hosts contains '{host}'. Write a host name without scheme and port, e.g. fleet.example.org.");
        }
        if (!string.IsNullOrEmpty(options.PathBase) && !PathPrefix.IsValid(options.PathBase))
        {
            failures.AddError(
                $"Proxy:PathBase is '{options.PathBase}'. Write a path such as /fleet: a slash, then letters, digits, '.', '_', '~' "
                    + "or '-', and no slash at the end."
            );
        }

        if (bool.TryParse(configuration[TrustAllSwitch], out var everybody) && everybody)
        {
            failures.AddError(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers from every address. "
                    + "Remove it, and list the proxy in Proxy:Trusted."
            );
        }

        return failures.Build();
    }
}

/// <summary>
/// Applies what a listed proxy forwards about the browser: its address, https, the path prefix and a listed host. Sign-in limits, the audit
/// trail, the Secure flag of cookies and redirects then use the browser's values.
/// </summary>
internal static class ListedProxies
{
    public static void AddListedProxies(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        builder.Services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.SectionName).ValidateOnStart();
        builder.Services.PostConfigure<HostFilteringOptions>(hosts =>
        {
            // The health command requests localhost. No other site can have that name.
            if (!hosts.AllowedHosts.Contains("*"))
            {
                hosts.AllowedHosts = [.. hosts.AllowedHosts, "localhost"];
            }
        });
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>(Trust);
    }

    /// <summary>Must run first, so that everything after it sees the browser's address and not the proxy's.</summary>
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

        // A proxy that does not set this header passes the browser's own value on, so only listed host names are accepted.
        if (proxies.Value.HostEntries.Any())
        {
            headers.ForwardedHeaders |= ForwardedHeaders.XForwardedHost;
            headers.AllowedHosts = [.. proxies.Value.HostEntries];
        }

        // ASP.NET Core trusts loopback by default. Here only listed proxies are trusted. A chain of listed proxies is followed to the first
        // address that is not listed.
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
