using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>The provider as it describes itself, and the id tokens it gave, kept encrypted.</summary>
internal sealed partial class OidcProviderClient(
    IOptionsMonitor<OpenIdConnectOptions> options,
    IDataProtectionProvider protection,
    TimeProvider time,
    ILogger<OidcProviderClient> logger
)
{
    public const string Scheme = "oidc";

    /// <summary>The longest that somebody at the sign-in page waits for the provider.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly IDataProtector _protector = protection.CreateProtector("id-token");

    private OpenIdConnectOptions Options => options.Get(Scheme);

    /// <summary>Speaks to the provider, bounded in time and size.</summary>
    public HttpClient Backchannel => Options.Backchannel;

    /// <summary>Fetches the provider's description when it is due. Shared by whoever validates its tokens.</summary>
    public BaseConfigurationManager Description => (BaseConfigurationManager)Options.ConfigurationManager!;

    /// <summary>What the provider says of itself, or null when it does not answer in time.</summary>
    public async Task<OpenIdConnectConfiguration?> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Those who come together queue for one question; each of them waits no longer than alone.
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

    /// <summary>Where the browser ends its session at the provider, or null where that is not offered.</summary>
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
            return null; // the keys are new: the provider asks instead
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sign-in provider at {Authority} cannot be asked")]
    private partial void LogUnreachable(Exception exception, string? authority);
}
