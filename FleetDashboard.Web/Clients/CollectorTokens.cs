using System.Text;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Clients;

/// <summary>Creates the short-lived tokens that identify the caller to a Collector. One for each request.</summary>
internal sealed class CollectorTokens(IOptions<CollectorsOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(CollectorToken.MaxLifetimeSeconds);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = new(
        new SymmetricSecurityKey(Encoding.UTF8.GetBytes(options.Value.SharedSecret)),
        SecurityAlgorithms.HmacSha256
    );

    /// <summary>The caller for everything that all viewers share.</summary>
    public static SignedInCaller Feed { get; } = new("fleet-web", "Fleet Dashboard", Roles.Viewer);

    /// <summary>For the page's own requests, which belong to no user.</summary>
    public string ForFeed() => For(Feed);

    /// <summary>
    /// For a user's requests that read. The role is viewer even for an operator, because reading needs no more. A hijacked Collector keeps
    /// these tokens, so they must be worthless elsewhere except for a minute of reading.
    /// </summary>
    public string For(SignedInCaller caller) => Sign(Claims(caller, Roles.Viewer), [CollectorToken.Audience]);

    /// <summary>For one action: this method and path, at this Collector, with the user's own role.</summary>
    public string ToAct(SignedInCaller caller, HttpMethod method, Uri target)
    {
        var claims = Claims(caller, caller.Role);
        claims[CollectorToken.ScopeClaim] = CollectorToken.ActScope;
        claims[CollectorToken.MethodClaim] = method.Method;
        claims[CollectorToken.PathClaim] = target.AbsolutePath;
        return Sign(claims, [CollectorToken.Audience, CollectorToken.AudienceOf(target)]);
    }

    private static Dictionary<string, object> Claims(SignedInCaller caller, string role)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = caller.Subject,
            [CollectorToken.NameClaim] = caller.Name,
            [CollectorToken.RoleClaim] = role,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
        };
        if (caller.Address is { } address)
        {
            claims[CollectorToken.AddressClaim] = address;
        }
        return claims;
    }

    private string Sign(Dictionary<string, object> claims, string[] audiences)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = CollectorToken.Issuer,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Lifetime,
            SigningCredentials = _credentials,
            Claims = claims,
        };
        foreach (var audience in audiences)
        {
            descriptor.Audiences.Add(audience);
        }
        return _handler.CreateToken(descriptor);
    }
}
