using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Tests.Support.Oidc;

/// <summary>A provider that signs every user in at once, with responses that a test can change.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    public const string ClientId = "fleet:dash board";
    public const string ClientSecret = "s3cret:with +signs&more=yes";

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, string> _nonces = new();
    private WebApplication _app = default!;

    public Uri Issuer { get; private set; } = default!;

    /// <summary>The methods for the token endpoint in the metadata. Null omits them.</summary>
    public string[]? AuthenticationMethods { get; set; }

    /// <summary>The method that the token endpoint accepts: <c>basic</c>, <c>post</c> or both.</summary>
    public string Takes { get; set; } = "basic post";

    /// <summary>Additional claims of the id token.</summary>
    public Dictionary<string, object> Claims { get; } = new() { ["preferred_username"] = "uma" };

    /// <summary>The response of the userinfo endpoint.</summary>
    public Func<IResult> UserInfo { get; set; } = () => Results.Json(new { sub = "uma-1" });

    /// <summary>Additional entries of the metadata.</summary>
    public string Padding { get; set; } = "";

    /// <summary>How the last token was requested.</summary>
    public string LastAuthentication { get; private set; } = "";

    public static async Task<FakeProvider> StartAsync()
    {
        var provider = new FakeProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = provider._app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", provider.Describe);
        app.MapGet("/jwks", provider.Keys);
        app.MapGet("/auth", provider.Authorize);
        app.MapPost("/token", (Delegate)provider.TokenAsync);
        app.MapGet(
            "/userinfo",
            (HttpContext context) => context.Request.Headers.Authorization == "Bearer access" ? provider.UserInfo() : Results.Unauthorized()
        );
        await app.StartAsync();
        provider.Issuer = new Uri(app.Urls.Single());
        return provider;
    }

    /// <summary>The settings that make Web its client.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(params (string Key, string? Value)[] more) =>
        [
            new("Auth:Oidc:Authority", Issuer.GetLeftPart(UriPartial.Authority)),
            new("Auth:Oidc:ClientId", ClientId),
            new("Auth:Oidc:ClientSecret", ClientSecret),
            .. more.Select(setting => KeyValuePair.Create($"Auth:Oidc:{setting.Key}", setting.Value)),
        ];

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Describe()
    {
        var description = new Dictionary<string, object>
        {
            ["issuer"] = Issuer.GetLeftPart(UriPartial.Authority),
            ["authorization_endpoint"] = new Uri(Issuer, "/auth"),
            ["token_endpoint"] = new Uri(Issuer, "/token"),
            ["userinfo_endpoint"] = new Uri(Issuer, "/userinfo"),
            ["jwks_uri"] = new Uri(Issuer, "/jwks"),
            ["padding"] = Padding,
        };
        if (AuthenticationMethods is not null)
        {
            description["token_endpoint_auth_methods_supported"] = AuthenticationMethods;
        }
        return Results.Json(description);
    }

    private IResult Keys()
    {
        var parameters = _key.ExportParameters(false);
        return Results.Json(
            new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA",
                        use = "sig",
                        alg = "RS256",
                        kid = "one",
                        n = Base64UrlEncoder.Encode(parameters.Modulus),
                        e = Base64UrlEncoder.Encode(parameters.Exponent),
                    },
                },
            }
        );
    }

    private IResult Authorize(HttpContext context)
    {
        var (asked, code) = (context.Request.Query, Guid.NewGuid().ToString("N"));
        _nonces[code] = asked["nonce"].ToString();
        return Results.Redirect($"{asked["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(asked["state"].ToString())}");
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var header = context.Request.Headers.Authorization.ToString();
        LastAuthentication =
            header.StartsWith("Basic ", StringComparison.Ordinal) && !form.ContainsKey("client_secret") ? "basic"
            : form.ContainsKey("client_secret") ? "post"
            : "none";
        var proof =
            LastAuthentication == "basic"
                ? Encoding
                    .UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..]))
                    .Split(':')
                    .Select(half => System.Net.WebUtility.UrlDecode(half))
                    .ToArray()
                : [form["client_id"].ToString(), form["client_secret"].ToString()];
        if (!Takes.Contains(LastAuthentication, StringComparison.Ordinal) || proof is not [ClientId, ClientSecret])
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: StatusCodes.Status401Unauthorized);
        }
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer.GetLeftPart(UriPartial.Authority),
                Audience = ClientId,
                IssuedAt = now,
                Expires = now.AddMinutes(5),
                Claims = new Dictionary<string, object>(Claims)
                {
                    ["nonce"] = _nonces[form["code"].ToString()],
                    ["sub"] = Claims.GetValueOrDefault("sub", "uma-1"),
                },
                SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
            }
        );
        return Results.Json(
            new
            {
                access_token = "access",
                token_type = "Bearer",
                id_token = token,
                expires_in = 300,
            }
        );
    }
}
