using System.Security.Claims;
using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Reduces the provider's response to the claims the dashboard needs, and shows its failures on our own page.</summary>
internal sealed partial class OidcEvents(
    IOptions<OidcOptions> options,
    RoleMapping roles,
    OidcProviderClient provider,
    FreshSignIn fresh,
    RecentProviderLogouts ended,
    UserInfoDocument userInfo,
    TimeProvider time,
    ILogger<OidcEvents> logger
) : OpenIdConnectEvents
{
    // Kept only while a sign-in is under method. Parameters are never written to the cookie.
    private const string IdToken = "fleet-id-token";
    private const string UserInfo = "fleet-userinfo";

    private const int MaxId = 255; // the limit that OpenID Connect sets for sub
    private const int MaxName = 128;
    private const int MaxReason = 500;

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        var idToken = context.TokenEndpointResponse!.IdToken;
        context.Properties!.SetParameter(IdToken, idToken);
        try
        {
            var subject = Text([Payload(idToken)], JwtRegisteredClaimNames.Sub);
            if (subject is not { Length: <= MaxId })
            {
                context.Fail(new SecurityTokenException($"The id token's sub is missing or has more than {MaxId} characters."));
                return;
            }
            context.Properties!.SetParameter(
                UserInfo,
                await userInfo.ReadAsync(context.TokenEndpointResponse.AccessToken, subject, context.HttpContext.RequestAborted)
            );
        }
        catch (SecurityTokenException untrusted)
        {
            context.Fail(untrusted);
        }
    }

    public override Task TicketReceived(TicketReceivedContext context)
    {
        var properties = context.Properties!;
        var idToken = properties.GetParameter<string>(IdToken)!;
        var told = properties.GetParameter<UserInfo>(UserInfo);
        JsonElement[] documents = told?.Document is { } document ? [Payload(idToken), document] : [Payload(idToken)];
        var subject = Text(documents[..1], JwtRegisteredClaimNames.Sub)!;
        var name = SafeText.Clean(
            Text(documents, "preferred_username") ?? Text(documents, "email") ?? Text(documents, "name") ?? subject,
            MaxName
        );
        var role = roles.RoleOf(documents);
        var session = Text(documents[..1], JwtRegisteredClaimNames.Sid) is { Length: <= MaxId } sid ? sid : null;
        if (role is null && told?.Failure is not null)
        {
            context.HandleResponse();
            context.Response.Redirect(context.Request.PathBase + SignInFailure.NoUserInfo.Address);
            return Task.CompletedTask;
        }

        // The provider's own session must not undo a sign-out, whether this sign-in started after the sign-out or was under method then.
        if (
            FreshSignIn.WasRequested(properties)
                ? !fresh.WasHonoured(properties, documents[0])
                : SignedOutCookie.IsOn(context.HttpContext) || ended.Holds(subject, session)
        )
        {
            LogNotAsked(name, SafeText.Clean(subject, MaxName));
            SignedOutCookie.Set(context.HttpContext);
            context.HandleResponse();
            context.Response.Redirect(
                context.Request.PathBase + (FreshSignIn.WasRequested(properties) ? SignInFailure.NotAsked.Address : AccountRoutes.SignedOut)
            );
            return Task.CompletedTask;
        }
        SignedOutCookie.Clear(context.HttpContext);

        var identity = new ClaimsIdentity(OidcProviderClient.Scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, subject));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        if (role is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        }
        context.Principal = new ClaimsPrincipal(identity);

        // A fixed expiry, after which the provider is asked again: providers do not notify us when they remove a role.
        var expires = time.GetUtcNow() + options.Value.SessionLifetime;
        properties.Items.Clear();
        properties.ExpiresUtc = expires;
        properties.AllowRefresh = false;
        properties.SetParameter(
            ProviderSession.Parameter,
            new ProviderSession(options.Value.Authority, session, provider.Protect(idToken), expires)
        );
        LogSignedIn(name, SafeText.Clean(subject, MaxName), role ?? "no role");
        return Task.CompletedTask;
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        LogDenied();
        context.HandleResponse();
        context.Response.Redirect(context.Request.PathBase + SignInFailure.Denied.Address);
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        LogFailed(context.Failure?.GetType().Name, SafeText.Clean(context.Failure?.Message ?? "", MaxReason));
        LogFailure(context.Failure);
        context.HandleResponse();
        context.Response.Redirect(context.Request.PathBase + SignInFailure.From(context.Failure).Address);
        return Task.CompletedTask;
    }

    private static JsonElement Payload(string idToken)
    {
        using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(new JsonWebToken(idToken).EncodedPayload));
        return document.RootElement.Clone();
    }

    private static string? Text(IEnumerable<JsonElement> documents, string claim) =>
        documents
            .Select(document =>
                document.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null
            )
            .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    [LoggerMessage(LogLevel.Information, "{Name} ({Subject}) signed in at the provider with {Role}")]
    private partial void LogSignedIn(string name, string subject, string role);

    [LoggerMessage(
        LogLevel.Information,
        "{Name} ({Subject}) had signed out and the provider did not ask for credentials again. The sign-in was rejected"
    )]
    private partial void LogNotAsked(string name, string subject);

    [LoggerMessage(LogLevel.Information, "The provider denied a sign-in")]
    private partial void LogDenied();

    // One line only: the reason may hold text from the provider, or from anyone who typed a callback address.
    [LoggerMessage(LogLevel.Warning, "A sign-in at the provider failed. {Kind}: {Reason}")]
    private partial void LogFailed(string? kind, string reason);

    [LoggerMessage(LogLevel.Debug, "A sign-in at the provider failed")]
    private partial void LogFailure(Exception? exception);
}
