using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// One sign-in of one browser. It lasts as long as its row: the row gone is the session ended, on every page it has open.
/// </summary>
internal sealed class Session
{
    /// <summary>The hash of what the cookie carries: who reads the file cannot make a cookie of it.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string UserName { get; init; }

    /// <summary>Who vouched for the user: the provider's address, or null for a local account.</summary>
    public string? Issuer { get; init; }

    /// <summary>The provider's own name for the session (<c>sid</c>), where it gave one.</summary>
    public string? ProviderSession { get; init; }

    /// <summary>The provider's id token, encrypted: signing out there asks for it, and it is too large for a cookie.</summary>
    public string? IdToken { get; init; }

    public required DateTimeOffset Opened { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public string? Address { get; init; }

    public string? Browser { get; init; }
}

/// <summary>
/// How sessions lie in the database. Times are numbers: SQLite compares the text that they would be otherwise letter by letter.
/// </summary>
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
