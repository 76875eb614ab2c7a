using System.Text;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Collector.Auth;

/// <summary>Who is calling: a short-lived token, signed with the shared secret. Whatever says nothing else of itself needs one.</summary>
internal static class CollectorAuth
{
    /// <summary>How far the clocks of Web and Collector may be apart.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(CollectorToken.ClockSkewSeconds);

    public static void AddCollectorAuth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AuthOptions>().Bind(builder.Configuration.GetSection(AuthOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();

        // Not AddAuthentication, which brings a key ring for cookies along and writes it into the home folder: there are no cookies here.
        builder.Services.AddAuthenticationCore(static schemes => schemes.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
        builder.Services.AddWebEncoders();
        builder.Services.AddSingleton<IAuthenticationConfigurationProvider, NoSchemeSettings>();
        new AuthenticationBuilder(builder.Services).AddJwtBearer();
        builder
            .Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthOptions>, TimeProvider>(static (bearer, auth, time) => Configure(bearer, auth.Value, time));
        builder
            .Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(
                new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(Roles.Viewer, Roles.Operator).Build()
            );
    }

    private static void Configure(JwtBearerOptions bearer, AuthOptions auth, TimeProvider time)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = CollectorToken.Issuer,
            ValidAudience = CollectorToken.Audience,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKeys =
            [
                .. new[] { auth.SharedSecret, auth.PreviousSharedSecret }
                    .Where(secret => !string.IsNullOrEmpty(secret))
                    .Select(secret => new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret!))),
            ],
            TryAllIssuerSigningKeys = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            NameClaimType = CollectorToken.NameClaim,
            RoleClaimType = CollectorToken.RoleClaim,
            LifetimeValidator = (from, until, token, _) =>
                IsAlive(from, until, (token as Microsoft.IdentityModel.JsonWebTokens.JsonWebToken)?.IssuedAt, time.GetUtcNow().UtcDateTime),
        };
    }

    /// <summary>A token lives a minute at most, whatever it claims: a long one would be worth stealing.</summary>
    internal static bool IsAlive(DateTime? from, DateTime? until, DateTime? issued, DateTime now)
    {
        var begin = from ?? issued;
        return begin is { Year: > 1 } start
            && until is { } end
            && end - start <= TimeSpan.FromSeconds(CollectorToken.MaxLifetimeSeconds)
            && start <= now + ClockSkew
            && end >= now - ClockSkew;
    }

    /// <summary>What a token must be is said here alone, and not by the framework's own <c>Authentication:Schemes</c>.</summary>
    private sealed class NoSchemeSettings : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }
}
