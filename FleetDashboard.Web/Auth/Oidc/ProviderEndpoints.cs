using System.Diagnostics;
using System.Text.Json.Serialization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>The way to the provider, and the provider's own way to here.</summary>
internal static partial class ProviderEndpoints
{
    private const int MaxLogged = 200;
    private const int MaxLogoutBytes = 32 * 1024;

    public static void MapProvider(this IEndpointRouteBuilder routes)
    {
        // Before the page for local accounts, which has the same address and answers 404 here.
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
        // Whoever was signed out is not led to the provider before they say so, and then it asks them.
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
        EndedAtProvider ended,
        SessionStore sessions,
        SignInWay way,
        ILogger<LogoutTokens> logger
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        switch (
            await TokenAsync(context.Request) is { } text
                ? await tokens.ReadAsync(text, context.RequestAborted)
                : new LogoutToken.Refused("no logout_token in a form")
        )
        {
            case LogoutToken.Valid({ } subject, null):
                ended.Add(subject, null);
                LogEnded(
                    logger,
                    await sessions.EndAsync(row => row.Issuer == way.Issuer && row.UserId == subject, context.RequestAborted),
                    SafeText.Clean(subject, MaxLogged)
                );
                return TypedResults.Ok();
            case LogoutToken.Valid(var subject, { } session):
                ended.Add(subject, session);
                // A session that was opened without the provider's name for it can only be known by its user.
                LogEnded(
                    logger,
                    await sessions.EndAsync(
                        row =>
                            row.Issuer == way.Issuer
                            && (subject == null || row.UserId == subject)
                            && (row.ProviderSession == session || (subject != null && row.ProviderSession == null)),
                        context.RequestAborted
                    ),
                    SafeText.Clean(subject ?? "a user", MaxLogged)
                );
                return TypedResults.Ok();
            case LogoutToken.Refused(var reason):
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
            return null; // too large, or no form after all
        }
    }

    [LoggerMessage(LogLevel.Information, "The provider ended {Count} sessions of {Subject}")]
    private static partial void LogEnded(ILogger logger, int count, string subject);

    [LoggerMessage(LogLevel.Warning, "A back-channel logout was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}

/// <summary>The refusal in the form that the specification asks for.</summary>
internal sealed record LogoutError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description
);
