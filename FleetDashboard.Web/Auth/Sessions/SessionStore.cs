using System.Linq.Expressions;
using FleetDashboard.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>The open sessions. Opening one deletes expired sessions and a user's surplus sessions, so the table stays small.</summary>
internal sealed class SessionStore(IServiceScopeFactory scopes, IOptions<AccountsOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How long a local session lasts without being used.</summary>
    public static readonly TimeSpan LocalLifetime = TimeSpan.FromHours(12);

    public const int MaxPerUser = 50;

    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    // Sessions found open a moment ago: one page makes about thirty requests, which then need one query. Cleared when any session ends
    // here.
    private readonly MemoryCache _recent = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <summary>Opens a session and returns the value for the cookie.</summary>
    public async Task<string> OpenAsync(SessionOpening opening, CancellationToken cancellationToken)
    {
        var id = SessionClaim.New();
        var now = time.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        await db.Sessions.Where(session => session.Expires <= now).ExecuteDeleteAsync(cancellationToken);
        db.Sessions.Add(
            new Session
            {
                Id = SessionClaim.KeyOf(id),
                UserId = opening.UserId,
                UserName = Shortened(opening.UserName) ?? "",
                Issuer = opening.Provider?.Issuer,
                ProviderSession = opening.Provider?.Session,
                IdToken = opening.Provider?.ProtectedIdToken,
                Opened = now,
                LastSeen = now,
                Expires = opening.Provider?.Expires ?? Earlier(now + LocalLifetime, now + options.Value.SessionLifetime),
                Address = opening.Address,
                Browser = Shortened(opening.Browser),
            }
        );
        await db.SaveChangesAsync(cancellationToken);

        var excess = await db
            .Sessions.Where(session => session.UserId == opening.UserId)
            .OrderByDescending(session => session.Opened)
            .Skip(MaxPerUser)
            .Select(session => session.Id)
            .ToListAsync(cancellationToken);
        if (excess.Count > 0)
        {
            await EndAsync(session => excess.Contains(session.Id), cancellationToken);
        }
        return id;
    }

    /// <summary>The session, if it is open. A lookup counts as use, which keeps a local session alive.</summary>
    public async Task<Session?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var oldest = now - options.Value.SessionLifetime;
        var session = await db
            .Sessions.AsNoTracking()
            .SingleOrDefaultAsync(session => session.Id == key && session.Expires > now && session.Opened > oldest, cancellationToken);
        if (session is not null && now - session.LastSeen >= SeenEvery)
        {
            var expires = session.Issuer is null
                ? Earlier(now + LocalLifetime, session.Opened + options.Value.SessionLifetime)
                : session.Expires;
            await db
                .Sessions.Where(row => row.Id == key)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.LastSeen, now).SetProperty(row => row.Expires, expires),
                    cancellationToken
                );
        }
        return session;
    }

    /// <summary>The same for a cookie, which arrives with every request. Queries at most every <c>Accounts:RevalidateEvery</c>.</summary>
    public async Task<Session?> FindRecentAsync(string key, CancellationToken cancellationToken)
    {
        if (_recent.TryGetValue(key, out Session? known))
        {
            return known;
        }
        var session = await FindAsync(key, cancellationToken);
        if (session is not null)
        {
            _recent.Set(
                key,
                session,
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.RevalidateEvery }
            );
        }
        return session;
    }

    /// <summary>The open sessions of one user, the most recently used first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(string userId, string? issuer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<AccountsDb>()
            .Sessions.AsNoTracking()
            .Where(session => session.UserId == userId && session.Issuer == issuer && session.Expires > now)
            .OrderByDescending(session => session.LastSeen)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends the matching sessions and returns their number.</summary>
    public async Task<int> EndAsync(Expression<Func<Session, bool>> which, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var ended = await scope
            .ServiceProvider.GetRequiredService<AccountsDb>()
            .Sessions.Where(which)
            .ExecuteDeleteAsync(cancellationToken);
        _recent.Clear();
        return ended;
    }

    public void Dispose() => _recent.Dispose();

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static string? Shortened(string? text) => text is null ? null : SafeText.Clean(text, SessionTable.MaxText);
}
