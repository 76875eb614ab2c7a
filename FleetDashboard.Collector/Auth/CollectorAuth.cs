using System.Text;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Collector.Auth;

/// <summary>
/// Authenticates callers by short-lived tokens that are signed with the shared secret. An endpoint requires one unless it explicitly allows
/// anonymous callers.
/// </summary>
internal static class CollectorAuth
{
    /// <summary>How much the clocks of Web and Collector may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(CollectorToken.ClockSkewSeconds);

    public static void AddCollectorAuth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AuthOptions>().Bind(builder.Configuration.GetSection(AuthOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();

        // AddAuthentication would also create a key ring for cookies in the home folder. The Collector has no cookies.
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

    /// <summary>A token lives at most one minute, whatever it claims, so that a stolen one is of little use.</summary>
    internal static bool IsAlive(DateTime? from, DateTime? until, DateTime? issued, DateTime now)
    {
        var begin = from ?? issued;
        return begin is { Year: > 1 } start
            && until is { } end
            && end - start <= TimeSpan.FromSeconds(CollectorToken.MaxLifetimeSeconds)
            && start <= now + ClockSkew
            && end >= now - ClockSkew;
    }

    /// <summary>Only this code configures tokens, not the framework's <c>Authentication:Schemes</c> settings.</summary>
    private sealed class NoSchemeSettings : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }
}
