using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Wrong passwords slow down the place they come from. Other places cannot lock an account.</summary>
public sealed class FailedAttemptsTests
{
    private const string Account = "admin";

    private static readonly AttemptPlace Known = AttemptPlace.Browser("one");

    private readonly FakeTimeProvider _time = new(Facts.Now);
    private readonly FailedAttempts _attempts;

    public FailedAttemptsTests() => _attempts = new FailedAttempts(_time);

    [Fact]
    public void Place_AfterItsFreeFailures_WaitsTwiceAsLongEachTime()
    {
        var stranger = Stranger("203.0.113.1");
        Fail(stranger, FailedAttempts.FreeFromOnePlace);

        foreach (var seconds in (int[])[5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.False(_attempts.TryBegin(Account, stranger), $"{seconds} s");
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(_attempts.TryBegin(Account, stranger), $"{seconds} s");
        }
    }

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.2", true)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", false)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", true)]
    public void Failures_OfOneNetwork_DoNotAffectAnother(string failing, string other, bool free)
    {
        Fail(Stranger(failing), FailedAttempts.FreeFromOnePlace);

        Assert.Equal(free, _attempts.TryBegin(Account, Stranger(other)));
        Assert.True(_attempts.TryBegin("another account", Stranger(failing)));
    }

    [Fact]
    public void Strangers_FromManyNetworks_WaitAtMostAMinute_AndAKnownBrowserNotAtAll()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _attempts.TryBegin(Account, Stranger($"198.{18 + (i / 65536)}.{i / 256 % 256}.{i % 256}"));
        }

        Assert.False(_attempts.TryBegin(Account, Stranger("203.0.113.1")));
        Assert.True(_attempts.TryBegin(Account, Known));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_attempts.TryBegin(Account, Stranger("203.0.113.1")));
    }

    [Fact]
    public void KnownBrowser_Guessing_WaitsToo()
    {
        Fail(Known, FailedAttempts.FreeFromOnePlace);

        Assert.False(_attempts.TryBegin(Account, Known));
        Assert.True(_attempts.TryBegin(Account, AttemptPlace.Browser("two")));
    }

    [Fact]
    public void RightPassword_ClearsTheFailures()
    {
        var place = Stranger("203.0.113.1");
        Fail(place, FailedAttempts.FreeFromOnePlace - 1);
        Assert.True(_attempts.TryBegin(Account, place));
        _attempts.Succeeded(Account, place);

        Fail(place, FailedAttempts.FreeFromOnePlace);
    }

    [Fact]
    public void Attempts_InParallel_AreNotAllFree()
    {
        var begun = 0;
        Parallel.For(0, 200, _ => Interlocked.Add(ref begun, _attempts.TryBegin(Account, Stranger("203.0.113.1")) ? 1 : 0));

        Assert.Equal(FailedAttempts.FreeFromOnePlace, begun);
    }

    [Fact]
    public async Task Account_SlowedDownByAnAttacker_KnownBrowserStillSignsIn()
    {
        await using var collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        await using var app = WebApp.Start(collector.Url, [new("Proxy:Trusted:0", "127.0.0.1")]);
        using var owner = Visitor(app, "203.0.113.1");
        await owner.SignInAsync(WebApp.Admin, WebApp.Password, TestContext.Current.CancellationToken);
        await owner.PostAsync(
            AccountRoutes.SignOut,
            await owner.FormAsync("/", TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );
        for (var i = 0; i < FailedAttempts.FreeFromUnknownPlaces + 5; i++)
        {
            using var stranger = Visitor(app, $"198.51.100.{i}");
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (await stranger.SignInAsync(WebApp.Admin, "wrong password", TestContext.Current.CancellationToken)).StatusCode
            );
        }

        using var unknown = Visitor(app, "203.0.113.77");
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await unknown.SignInAsync(WebApp.Admin, WebApp.Password, TestContext.Current.CancellationToken)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Redirect,
            (await owner.SignInAsync(WebApp.Admin, WebApp.Password, TestContext.Current.CancellationToken)).StatusCode
        );
    }

    private static Browserless Visitor(WebApp app, string address)
    {
        var visitor = new Browserless(app);
        visitor.AddHeader("X-Forwarded-For", address);
        return visitor;
    }

    private static AttemptPlace Stranger(string address) => AttemptPlace.Network(IPAddress.Parse(address));

    private void Fail(AttemptPlace place, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(_attempts.TryBegin(Account, place));
        }
    }
}
