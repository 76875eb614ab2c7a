using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// How the dashboard authenticates when it redeems a code. ASP.NET Core always sends the client secret in the form, and a provider that
/// accepts only the Authorization header rejects every sign-in. The provider's metadata lists the methods; if it lists none, the header is
/// the default (OpenID Connect Core 1.0, section 9).
/// </summary>
internal sealed class ClientAuthentication(IOptions<OidcOptions> options, Lazy<OidcProviderClient> provider)
    : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = OidcProviderClient.Deadline })
{
    private const string Basic = "client_secret_basic";
    private const string Post = "client_secret_post";
    private const string Secret = "client_secret";
    private const string Id = "client_id";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post && request.Content is FormUrlEncodedContent form && await UsesHeaderAsync(cancellationToken))
        {
            var fields = System.Web.HttpUtility.ParseQueryString(await form.ReadAsStringAsync(cancellationToken));
            if (fields[Secret] is { } secret && fields[Id] is { } id)
            {
                // Both parts are form-encoded (RFC 6749, 2.3.1), so a colon inside one cannot be read as the separator.
                var proof = $"{System.Net.WebUtility.UrlEncode(id)}:{System.Net.WebUtility.UrlEncode(secret)}";
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(proof))
                );
                request.Content = new FormUrlEncodedContent(
                    fields
                        .AllKeys.OfType<string>()
                        .Where(key => key is not (Secret or Id))
                        .Select(key => KeyValuePair.Create(key, fields[key] ?? ""))
                );
            }
        }
        return await base.SendAsync(request, cancellationToken);
    }

    internal static bool UsesHeader(string wanted, OpenIdConnectConfiguration? description) =>
        wanted switch
        {
            OidcOptions.BasicAuthentication => true,
            OidcOptions.PostAuthentication => false,
            _ => description?.TokenEndpointAuthMethodsSupported is not { Count: > 0 } methods
                || (methods.Contains(Basic) && !methods.Contains(Post)),
        };

    private async Task<bool> UsesHeaderAsync(CancellationToken cancellationToken) =>
        UsesHeader(
            options.Value.ClientAuthentication,
            options.Value.ClientAuthentication == OidcOptions.AutoAuthentication
                ? await provider.Value.DescribeAsync(cancellationToken)
                : null
        );
}
