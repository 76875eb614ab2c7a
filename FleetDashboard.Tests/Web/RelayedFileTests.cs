using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>A Collector that returns pages and scripts instead of a file or a stream: none of it runs in Web's origin.</summary>
public sealed class RelayedFileTests : IAsyncLifetime
{
    private WebApplication _collector = default!;
    private WebApp _app = default!;
    private (int Status, string? Type, string? Disposition, string Body) _answer;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _collector = builder.Build();
        _collector.Run(async context =>
        {
            context.Response.StatusCode = _answer.Status;
            context.Response.ContentType = _answer.Type;
            context.Response.Headers.ContentDisposition = _answer.Disposition;
            context.Response.Headers["X-Of-The-Collector"] = "yes";
            context.Response.Headers.SetCookie = "fleet=stolen";
            await context.Response.WriteAsync(_answer.Body, context.RequestAborted);
        });
        await _collector.StartAsync(Cancelled);
        _app = WebApp.Start(new Uri(_collector.Urls.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData("/activity/export?format=csv", "text/html", null, "text/csv", "fleet-audit.csv")]
    [InlineData("/activity/export?format=csv", "text/javascript", "inline", "text/csv", "fleet-audit.csv")]
    [InlineData("/activity/export", "image/svg+xml", "inline; filename=x.svg", "application/jsonl", "fleet-audit.jsonl")]
    [InlineData("/activity/export?format=jsonl", null, "attachment; filename=run.exe", "application/jsonl", "fleet-audit.jsonl")]
    public async Task Export_CollectorReturnsHtml_IsStillAFile(string path, string? type, string? disposition, string expected, string file)
    {
        _answer = (200, type, disposition, "alert(document.domain)");
        using var visitor = await SignedInAsync();

        var response = await visitor.GetAsync(path, Cancelled);

        Assert.Equal((HttpStatusCode.OK, expected), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(
            ("attachment", file),
            (response.Content.Headers.ContentDisposition?.DispositionType, response.Content.Headers.ContentDisposition?.FileName)
        );
        AssertSandboxed(response);
        Assert.Equal("alert(document.domain)", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData(201, 503)]
    [InlineData(302, 503)]
    [InlineData(400, 400)]
    [InlineData(401, 503)]
    [InlineData(404, 503)]
    [InlineData(418, 503)]
    [InlineData(500, 503)]
    [InlineData(503, 503)]
    public async Task Export_CollectorsStatus_IsNotPassedOn(int status, int expected)
    {
        _answer = (status, "text/html", null, "<script>alert(1)</script>");
        using var visitor = await SignedInAsync();

        var response = await visitor.GetAsync("/activity/export?format=csv", Cancelled);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("script", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("X-Of-The-Collector"));
    }

    [Theory]
    [InlineData("html")]
    [InlineData("csv%0d%0aX-Evil:1")]
    [InlineData("CSV")]
    public async Task Export_UnknownFormat_Is400(string format)
    {
        _answer = (200, "text/html", null, "<script>");
        using var visitor = await SignedInAsync();

        var response = await visitor.GetAsync($"/activity/export?format={format}", Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/logs/apps/shop", "text/event-stream")]
    [InlineData("/logs/containers/0123456789ab", "text/event-stream")]
    [InlineData("/logs/apps/shop/download", "text/plain")]
    [InlineData("/logs/containers/0123456789ab/download", "text/plain")]
    public async Task Log_CollectorReturnsHtml_IsStillALog(string path, string expected)
    {
        _answer = (
            200,
            "text/html",
            "inline; filename=x.html",
            "event: line\ndata: {\"at\":\"x\",\"container\":\"c\",\"text\":\"<script>alert(1)</script>\"}\n\n"
        );
        using var visitor = await SignedInAsync();

        var response = await visitor.GetAsync(path, Cancelled);

        Assert.Equal((HttpStatusCode.OK, expected), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(
            path.EndsWith("download", StringComparison.Ordinal) ? "attachment" : null,
            response.Content.Headers.ContentDisposition?.DispositionType
        );
        AssertSandboxed(response);
    }

    private static void AssertSandboxed(HttpResponseMessage response)
    {
        Assert.Equal(RelayedFile.Policy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.False(response.Headers.Contains("X-Of-The-Collector"));
        Assert.DoesNotContain(
            response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [],
            cookie => cookie.Contains("stolen", StringComparison.Ordinal)
        );
    }

    private async Task<Browserless> SignedInAsync()
    {
        var visitor = new Browserless(_app);
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
        return visitor;
    }
}
