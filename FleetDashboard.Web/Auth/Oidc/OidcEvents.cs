using System.Security.Claims;
using System.Text.Json;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Makes of what the provider tells the little that is needed here, and of its failures a page of ours.</summary>
internal sealed partial class OidcEvents(
    IOptions<OidcOptions> options, RoleMapping roles, Provider provider, FreshSignIn fresh, EndedAtProvider ended, SignInWay way, TimeProvider time, ILogger<OidcEvents> logger)
    : OpenIdConnectEvents
{
    // While a sign-in is under way; parameters never reach the cookie.
    private const string IdToken = "fleet-id-token";
    private const string UserInfo = "fleet-userinfo";

    public override Task TokenValidated(TokenValidatedContext context)
    {
        context.Properties!.SetParameter(IdToken, context.TokenEndpointResponse!.IdToken);
        return Task.CompletedTask;
    }

    public override Task UserInformationReceived(UserInformationReceivedContext context)
    {
        context.Properties!.SetParameter(UserInfo, context.User.RootElement.Clone());
        return Task.CompletedTask;
    }

    public override Task TicketReceived(TicketReceivedContext context)
    {
        var properties = context.Properties!;
        var idToken = properties.GetParameter<string>(IdToken)!;
        JsonElement[] documents = properties.GetParameter<JsonElement?>(UserInfo) is { } userInfo ? [Payload(idToken), userInfo] : [Payload(idToken)];
        var subject = Text(documents, JwtRegisteredClaimNames.Sub)!;
        var name = Text(documents, "preferred_username") ?? Text(documents, "email") ?? Text(documents, "name") ?? subject;
        var role = roles.RoleOf(documents);
        var session = Text(documents, JwtRegisteredClaimNames.Sid);

        // A sign-out is not undone by what the provider still remembers, be the sign-in begun after it or under way at that moment.
        if (FreshSignIn.WasAsked(properties) ? !fresh.WasHonoured(properties, documents[0]) : SignedOutMark.IsOn(context.HttpContext) || ended.Holds(subject, session))
        {
            LogNotAsked(name, subject);
            SignedOutMark.Set(context.HttpContext);
            context.HandleResponse();
            context.Response.Redirect(FreshSignIn.WasAsked(properties) ? SignInFailure.NotAsked.Address : AccountRoutes.SignedOut);
            return Task.CompletedTask;
        }
        SignedOutMark.Clear(context.HttpContext);

        var identity = new ClaimsIdentity(Provider.Scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, subject));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        if (role is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        }
        context.Principal = new ClaimsPrincipal(identity);

        // A fixed end, after which the provider is asked again: it tells nobody that it has taken a role away.
        var expires = time.GetUtcNow() + options.Value.SessionLifetime;
        properties.Items.Clear();
        properties.ExpiresUtc = expires;
        properties.AllowRefresh = false;
        properties.SetParameter(ProviderSession.Parameter, new ProviderSession(way.Issuer!, session, provider.Protect(idToken), expires));
        LogSignedIn(name, subject, role ?? "no role");
        return Task.CompletedTask;
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        LogDenied();
        context.HandleResponse();
        context.Response.Redirect(SignInFailure.Denied.Address);
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        LogFailed(context.Failure);
        context.HandleResponse();
        context.Response.Redirect(SignInFailure.Of(context.Failure).Address);
        return Task.CompletedTask;
    }

    private static JsonElement Payload(string idToken)
    {
        using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(new JsonWebToken(idToken).EncodedPayload));
        return document.RootElement.Clone();
    }

    private static string? Text(IEnumerable<JsonElement> documents, string claim) =>
        documents.Select(document => document.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
            .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    [LoggerMessage(LogLevel.Information, "{Name} ({Subject}) signed in at the provider with {Role}")]
    private partial void LogSignedIn(string name, string subject, string role);

    [LoggerMessage(LogLevel.Information, "{Name} ({Subject}) had signed out and was not asked by the provider: not signed in again")]
    private partial void LogNotAsked(string name, string subject);

    [LoggerMessage(LogLevel.Information, "The provider denied a sign-in")]
    private partial void LogDenied();

    [LoggerMessage(LogLevel.Warning, "A sign-in at the provider failed")]
    private partial void LogFailed(Exception? exception);
}
