using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Limits sign-in attempts per network, or per browser that has signed in before. Behind a proxy that is not listed, all browsers come from
/// one network, and an attacker there must not use up every user's attempts. The page's handler calls it, not the middleware, so that the
/// page can show the rejection in its form.
/// </summary>
internal sealed class SignInLimiter(IOptions<AccountsOptions> options) : IDisposable
{
    // A passkey cannot be guessed. Its limit only bounds the load.
    private const int MorePasskeys = 10;

    private readonly PartitionedRateLimiter<string> _passwords = Limiter(options.Value.AttemptsPerMinute);
    private readonly PartitionedRateLimiter<string> _passkeys = Limiter(options.Value.AttemptsPerMinute * MorePasskeys);

    public bool TryEnter(IPAddress? address, string? knownBrowser) => TryEnter(_passwords, address, knownBrowser);

    public bool TryEnterWithPasskey(IPAddress? address, string? knownBrowser) => TryEnter(_passkeys, address, knownBrowser);

    public void Dispose()
    {
        _passwords.Dispose();
        _passkeys.Dispose();
    }

    private static bool TryEnter(PartitionedRateLimiter<string> limiter, IPAddress? address, string? knownBrowser)
    {
        using var lease = limiter.AttemptAcquire(
            knownBrowser is null ? $"network {ClientNetwork.From(address)}" : $"browser {knownBrowser}"
        );
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<string> Limiter(int perMinute) =>
        PartitionedRateLimiter.Create<string, string>(place =>
            RateLimitPartition.GetSlidingWindowLimiter(
                place,
                _ => new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = perMinute,
                    Window = TimeSpan.FromMinutes(1),
                    SegmentsPerWindow = 6,
                    QueueLimit = 0,
                }
            )
        );
}
