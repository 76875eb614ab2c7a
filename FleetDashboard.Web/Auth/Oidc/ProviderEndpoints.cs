using System.Diagnostics;
using System.Text.Json.Serialization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Sends the browser to the provider, and receives the provider's back-channel logout.</summary>
internal static partial class ProviderEndpoints
{
    private const int MaxLogged = 200;
    private const int MaxLogoutBytes = 32 * 1024;

    public static void MapProvider(this IEndpointRouteBuilder routes)
    {
        // Must match before the page for local accounts, which has the same address and answers 404 when a provider is configured.
        routes.MapGet(AccountRoutes.SignIn, SignInAsync).AllowAnonymous().WithOrder(-1);
        routes
            .MapPost(AccountRoutes.BackChannelSignOut, EndSessionsAsync)
            .AllowAnonymous()
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MaxLogoutBytes), new SkipStatusCodePagesAttribute());
    }

    private static async Task<Results<ChallengeHttpResult, RedirectHttpResult>> SignInAsync(
        HttpContext context,
        string? returnUrl,
        bool? asked,
        OidcProviderClient provider,
        FreshSignIn fresh
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        var target = LocalUrl.OrHome(returnUrl, context.Request.PathBase);
        if (context.User.Identity is { IsAuthenticated: true })
        {
            return TypedResults.LocalRedirect(target);
        }
        // After a sign-out the browser is not sent to the provider until the user clicks "Sign in". The provider then asks for credentials.
        var signedOut = SignedOutCookie.IsOn(context);
        if (signedOut && asked != true)
        {
            return TypedResults.LocalRedirect(
                $"{context.Request.PathBase}{AccountRoutes.SignedOut}?{AccountRoutes.ReturnUrl}={Uri.EscapeDataString(target)}"
            );
        }
        return await provider.DescribeAsync(context.RequestAborted) is null
            ? TypedResults.LocalRedirect(
                $"{context.Request.PathBase}{SignInFailure.Unreachable.Address}&{AccountRoutes.ReturnUrl}={Uri.EscapeDataString(target)}"
            )
            : TypedResults.Challenge(
                signedOut ? fresh.Challenge(target) : new AuthenticationProperties { RedirectUri = target },
                [OidcProviderClient.Scheme]
            );
    }

    private static async Task<Results<Ok, BadRequest<LogoutError>>> EndSessionsAsync(
        HttpContext context,
        LogoutTokens tokens,
        RecentProviderLogouts ended,
        SessionStore sessions,
        SignInMethod method,
        ILogger<LogoutTokens> logger
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        switch (
            await TokenAsync(context.Request) is { } text
                ? await tokens.ReadAsync(text, context.RequestAborted)
                : new LogoutToken.Rejected("the request has no form with a logout_token")
        )
        {
            case LogoutToken.Valid({ } subject, null):
                ended.Add(subject, null);
                LogEnded(
                    logger,
                    await sessions.EndAsync(row => row.Issuer == method.Issuer && row.UserId == subject, context.RequestAborted),
                    SafeText.Clean(subject, MaxLogged)
                );
                return TypedResults.Ok();
            case LogoutToken.Valid(var subject, { } session):
                ended.Add(subject, session);
                // A session opened without the provider's session id can only be found by its user.
                LogEnded(
                    logger,
                    await sessions.EndAsync(
                        row =>
                            row.Issuer == method.Issuer
                            && (subject == null || row.UserId == subject)
                            && (row.ProviderSession == session || (subject != null && row.ProviderSession == null)),
                        context.RequestAborted
                    ),
                    SafeText.Clean(subject ?? "a user", MaxLogged)
                );
                return TypedResults.Ok();
            case LogoutToken.Rejected(var reason):
                LogRefused(logger, SafeText.Clean(reason, MaxLogged));
                return TypedResults.BadRequest(new LogoutError("invalid_request", reason));
            case var other:
                throw new UnreachableException($"Unhandled logout token {other}.");
        }
    }

    private static async Task<string?> TokenAsync(HttpRequest request)
    {
        try
        {
            return
                request.HasFormContentType
                && (await request.ReadFormAsync(request.HttpContext.RequestAborted))["logout_token"] is [{ Length: > 0 } token]
                ? token
                : null;
        }
        catch (Exception ex) when (ex is BadHttpRequestException or InvalidDataException)
        {
            return null; // too large, or not a form
        }
    }

    [LoggerMessage(LogLevel.Information, "The provider ended {Count} sessions of {Subject}")]
    private static partial void LogEnded(ILogger logger, int count, string subject);

    [LoggerMessage(LogLevel.Warning, "A back-channel logout was rejected: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}

/// <summary>The error body that the specification requires.</summary>
internal sealed record LogoutError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description
);
