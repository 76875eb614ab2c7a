using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The list of anonymous endpoints, and the headers and costs of responses.</summary>
public sealed class ClosedEndpointTests : IAsyncLifetime
{
    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public void Endpoints_Anonymous_AreExactlyTheListedOnes()
    {
        var open = _app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(route => !IsFile(route))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(["alive", "health", "passkeys/request", "sign-in", "sign-in/failed", "signed-out", "status/{Code:int}"], open);
    }

    [Fact]
    public void Pages_All_DeclareWhoMaySeeThem()
    {
        var silent = typeof(FirstOperator)
            .Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(RouteAttribute), false))
            .Where(type => !type.IsDefined(typeof(AuthorizeAttribute), false) && !type.IsDefined(typeof(AllowAnonymousAttribute), false));

        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/app.css")]
    [InlineData("/alive")]
    [InlineData("/")]
    public async Task Answers_CarryTheSecurityHeaders(string path)
    {
        using var visitor = new Browserless(_app);

        var response = await visitor.GetAsync(path, Cancelled);

        Assert.Equal(SecurityHeaders.ContentSecurityPolicy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task SignInPage_IsPlainHtml()
    {
        using var visitor = new Browserless(_app);

        var html = await (await visitor.GetAsync(AccountRoutes.SignIn, Cancelled)).Content.ReadAsStringAsync(Cancelled);

        Assert.DoesNotContain("blazor.web", html, StringComparison.Ordinal);
        Assert.DoesNotContain("lab-1", html, StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"current-password\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstHtml_SixtyContainers_StaysWithinItsByteBudget()
    {
        await _app.UntilAsync(view => view.IsCurrent, Cancelled);
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);

        var html = await (await visitor.GetAsync("/", Cancelled)).Content.ReadAsByteArrayAsync(Cancelled);

        TestContext.Current.SendDiagnosticMessage("First HTML: {0} bytes", html.Length);
        Assert.InRange(html.Length, 20_000, 100_000);
    }

    [Fact]
    public async Task Prerendering_SubscribesToNothing()
    {
        await _app.UntilAsync(view => view.IsCurrent, Cancelled);
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);

        await visitor.GetAsync("/", Cancelled);

        Assert.Equal(0, _app.Hosts.SubscriberCount);
    }

    [Fact]
    public void DataFolder_IsAccessibleOnlyByItsOwner()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_app.DataPath));
        Assert.True(File.Exists(Path.Combine(_app.DataPath, "accounts.db")));
    }

    // The page's static files, which contain nothing about the fleet.
    private static bool IsFile(string route) =>
        Path.GetExtension(route) is ".css" or ".js" or ".svg" or ".gz" or ".br" or ".map" or ".txt"
        || route.StartsWith("_content/", StringComparison.Ordinal)
        || route.StartsWith("_framework/", StringComparison.Ordinal);
}
