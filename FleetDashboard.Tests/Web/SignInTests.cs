using System.Net;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Sign-in through the real server and without script.</summary>
public sealed partial class SignInTests : IAsyncLifetime
{
    private readonly List<IDisposable> _visitors = [];
    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url, [new("Accounts:AttemptsPerMinute", "8")]);
    }

    public async ValueTask DisposeAsync()
    {
        _visitors.ForEach(visitor => visitor.Dispose());
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?q=web")]
    [InlineData("/no-access")]
    [InlineData("/no-such-page")]
    public async Task SignedOut_AnyPage_RedirectsToSignIn(string path)
    {
        var response = await Visitor().GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(AccountRoutes.SignIn, new Uri(_app.Url, response.Headers.Location!).AbsolutePath);
    }

    [Theory]
    [InlineData("/_blazor")]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    public async Task SignedOut_Circuit_IsRefused(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await Visitor().GetAsync(path, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Visitor().PostAsync(path, [], Cancelled)).StatusCode);
    }

    [Fact]
    public async Task SignIn_RightPassword_ShowsTheFleetAtOnce()
    {
        await _app.UntilAsync(view => view.IsCurrent, Cancelled);
        var visitor = Visitor();

        var response = await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled, "/?show=red");

        Assert.Equal("/?show=red", response.Headers.Location!.PathAndQueryOrSelf());
        var html = await (await visitor.GetAsync("/", Cancelled)).Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("1 app is down, 1 is struggling", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_Cookie_IsHttpOnlyAndLax()
    {
        var response = await Visitor().SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), value => value.StartsWith("fleet=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    public async Task SignIn_ForeignReturnUrl_RedirectsToTheFrontPage(string url)
    {
        var response = await Visitor().SignInAsync(WebApp.Admin, WebApp.Password, Cancelled, url);

        Assert.Equal("/", response.Headers.Location!.PathAndQueryOrSelf());
    }

    [Fact]
    public async Task SignIn_EveryFailure_HasTheSameResponse()
    {
        var unknown = await AnswerAsync(await Visitor().SignInAsync("nobody", WebApp.Password, Cancelled));
        var wrong = await AnswerAsync(await Visitor().SignInAsync(WebApp.Admin, "wrong password", Cancelled));
        for (var i = 0; i < 4; i++)
        {
            await Visitor().SignInAsync(WebApp.Admin, "wrong password", Cancelled);
        }
        var locked = await AnswerAsync(await Visitor().SignInAsync(WebApp.Admin, WebApp.Password, Cancelled));

        Assert.Equal((HttpStatusCode.Unauthorized, SignIn.Failed), unknown);
        Assert.Equal(unknown, wrong);
        Assert.Equal(unknown, locked);
    }

    [Fact]
    public async Task SignIn_TooManyAttempts_AreRejectedEvenWithTheRightPassword()
    {
        for (var i = 0; i < 8; i++)
        {
            await Visitor().SignInAsync($"nobody{i}", "wrong password", Cancelled);
        }

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, SignIn.TooMany),
            await AnswerAsync(await Visitor().SignInAsync(WebApp.Admin, WebApp.Password, Cancelled))
        );
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        var response = await Visitor()
            .PostAsync(
                AccountRoutes.SignIn,
                new()
                {
                    ["_handler"] = "sign-in",
                    ["Form.UserName"] = WebApp.Admin,
                    ["Form.Password"] = WebApp.Password,
                },
                Cancelled
            );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain(
            response.Headers,
            header => header.Key == "Set-Cookie" && header.Value.Any(value => value.StartsWith("fleet=", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task SignIn_NoRole_ShowsAPageThatSaysSo()
    {
        await _app.AddUserAsync("guest", role: null);
        var visitor = Visitor();
        await visitor.SignInAsync("guest", WebApp.Password, Cancelled);

        var refused = await visitor.GetAsync("/", Cancelled);
        Assert.Equal(AccountRoutes.NoAccess, refused.Headers.Location!.AbsolutePath);
        Assert.Contains(
            "You have no role here",
            await (await visitor.GetAsync(AccountRoutes.NoAccess, Cancelled)).Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task SignIn_Viewer_SeesTheFleet()
    {
        await _app.AddUserAsync("vera", Roles.Viewer);
        var visitor = Visitor();
        await visitor.SignInAsync("vera", WebApp.Password, Cancelled);

        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task SignOut_WithoutTheFormsToken_IsRejected()
    {
        var visitor = Visitor();
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.PostAsync(AccountRoutes.SignOut, [], Cancelled)).StatusCode);
        Assert.False((await visitor.GetAsync(AccountRoutes.SignOut, Cancelled)).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/", Cancelled)).StatusCode);

        await visitor.PostAsync(AccountRoutes.SignOut, await visitor.FormAsync("/", Cancelled), Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task UnknownPage_SignedIn_SaysSo()
    {
        var visitor = Visitor();
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);

        var response = await visitor.GetAsync("/no-such-page", Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("Page not found", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode, string)> AnswerAsync(HttpResponseMessage response)
    {
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancelled));
        return (response.StatusCode, Alert().Match(html).Groups[1].Value);
    }

    private Browserless Visitor()
    {
        var visitor = new Browserless(_app);
        _visitors.Add(visitor);
        return visitor;
    }

    [GeneratedRegex("""role="alert"[^>]*>.*?<span[^>]*>(.*?)</span>""", RegexOptions.Singleline)]
    private static partial Regex Alert();
}

internal static class LocationExtensions
{
    /// <summary>A redirect may contain the host or only the path.</summary>
    public static string PathAndQueryOrSelf(this Uri location) =>
        location.IsAbsoluteUri && location.Scheme != Uri.UriSchemeFile ? location.PathAndQuery : location.OriginalString;
}
