using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Reads the provider's metadata and encrypts the id tokens it issued.</summary>
internal sealed partial class OidcProviderClient(
    IOptionsMonitor<OpenIdConnectOptions> options,
    IDataProtectionProvider protection,
    TimeProvider time,
    ILogger<OidcProviderClient> logger
)
{
    public const string Scheme = "oidc";

    /// <summary>The longest that the sign-in page waits for the provider.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly IDataProtector _protector = protection.CreateProtector("id-token");

    private OpenIdConnectOptions Options => options.Get(Scheme);

    /// <summary>The HTTP client for requests to the provider, with a timeout and a size limit.</summary>
    public HttpClient Backchannel => Options.Backchannel;

    /// <summary>Fetches the provider's metadata when it is due. Every token validation shares it.</summary>
    public BaseConfigurationManager Description => (BaseConfigurationManager)Options.ConfigurationManager!;

    /// <summary>The provider's metadata, or null if it does not answer in time.</summary>
    public async Task<OpenIdConnectConfiguration?> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Concurrent requests wait for the same fetch. Each waits no longer than it would alone.
            return await Options
                .ConfigurationManager!.GetConfigurationAsync(cancellationToken)
                .WaitAsync(Deadline, time, cancellationToken);
        }
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(ex, Options.Authority);
            return null;
        }
    }

    /// <summary>The address at which the browser ends its session at the provider, or null if the provider has none.</summary>
    public async Task<string?> EndSessionAddressAsync(string? protectedIdToken, string returnTo, CancellationToken cancellationToken)
    {
        if (await DescribeAsync(cancellationToken) is not { EndSessionEndpoint: { Length: > 0 } address })
        {
            return null;
        }
        return new OpenIdConnectMessage
        {
            IssuerAddress = address,
            ClientId = Options.ClientId,
            IdTokenHint = Unprotect(protectedIdToken),
            PostLogoutRedirectUri = returnTo,
            EnableTelemetryParameters = false,
        }.CreateLogoutRequestUrl();
    }

    public string Protect(string idToken) => _protector.Protect(idToken);

    private string? Unprotect(string? idToken)
    {
        try
        {
            return idToken is null ? null : _protector.Unprotect(idToken);
        }
        catch (CryptographicException)
        {
            return null; // The keys were replaced. Without an id token the provider asks the user to confirm.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sign-in provider at {Authority} cannot be reached")]
    private partial void LogUnreachable(Exception exception, string? authority);
}
