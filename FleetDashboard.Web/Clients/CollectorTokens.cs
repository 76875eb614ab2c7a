using System.Text;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Clients;

/// <summary>Mints the short-lived tokens that tell a Collector who asks. One for each request.</summary>
internal sealed class CollectorTokens(IOptions<CollectorsOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(CollectorToken.MaxLifetimeSeconds);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials =
        new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(options.Value.SharedSecret)), SecurityAlgorithms.HmacSha256);

    /// <summary>Who reads what all viewers share.</summary>
    public static Caller Feed { get; } = new("fleet-web", "Fleet Dashboard", Roles.Viewer);

    /// <summary>For the page's own reading, which belongs to no user.</summary>
    public string ForFeed() => For(Feed);

    /// <summary>For what a user asks.</summary>
    public string For(Caller caller) => Mint(caller.Subject, caller.Name, caller.Role, caller.Address);

    public string Mint(string subject, string name, string role, string? address = null)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = subject,
            [CollectorToken.NameClaim] = name,
            [CollectorToken.RoleClaim] = role,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
        };
        if (address is not null)
        {
            claims[CollectorToken.AddressClaim] = address;
        }
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = CollectorToken.Issuer,
            Audience = CollectorToken.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Lifetime,
            SigningCredentials = _credentials,
            Claims = claims,
        });
    }
}
