using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// How many attempts to sign in one network has, or one browser that has signed in before: behind a proxy that is not listed all browsers
/// come from one
/// network, and a stranger there must not use up the attempts of the others. Asked by the page's handler rather than by the middleware, so
/// that the
/// refusal is drawn like every other answer of the form.
/// </summary>
internal sealed class SignInLimiter(IOptions<AccountsOptions> options) : IDisposable
{
    // A passkey cannot be guessed: its limit only keeps the work small.
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
