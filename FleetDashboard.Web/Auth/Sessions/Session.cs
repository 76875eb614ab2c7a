using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>One sign-in of one browser. The session exists as long as its row: deleting the row ends it on every open page.</summary>
internal sealed class Session
{
    /// <summary>The hash of the value in the cookie, so that reading the database does not allow an attacker to forge a cookie.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string UserName { get; init; }

    /// <summary>The provider's address, or null for a local account.</summary>
    public string? Issuer { get; init; }

    /// <summary>The provider's id of the session (<c>sid</c>), if it sent one.</summary>
    public string? ProviderSession { get; init; }

    /// <summary>The provider's id token, encrypted. Signing out there requires it, and it is too large for a cookie.</summary>
    public string? IdToken { get; init; }

    public required DateTimeOffset Opened { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public string? Address { get; init; }

    public string? Browser { get; init; }
}

/// <summary>The table of sessions. Times are stored as numbers, because SQLite would compare them as text otherwise.</summary>
internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public const int MaxText = 256;

    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.HasKey(session => session.Id);
        builder.HasIndex(session => session.UserId);
        builder.HasIndex(session => session.ProviderSession);
        builder.Property(session => session.UserName).HasMaxLength(MaxText);
        builder.Property(session => session.Browser).HasMaxLength(MaxText);
        builder
            .Property(session => session.Opened)
            .HasConversion(time => time.ToUnixTimeMilliseconds(), number => DateTimeOffset.FromUnixTimeMilliseconds(number));
        builder
            .Property(session => session.LastSeen)
            .HasConversion(time => time.ToUnixTimeMilliseconds(), number => DateTimeOffset.FromUnixTimeMilliseconds(number));
        builder
            .Property(session => session.Expires)
            .HasConversion(time => time.ToUnixTimeMilliseconds(), number => DateTimeOffset.FromUnixTimeMilliseconds(number));
    }
}
