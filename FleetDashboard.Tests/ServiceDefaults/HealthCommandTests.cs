using System.Net;
using System.Net.Sockets;
using FleetDashboard.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FleetDashboard.Tests.ServiceDefaults;

/// <summary>The health command of the containers.</summary>
public sealed class HealthCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "8080", "127.0.0.1", 8080)]
    [InlineData("http://*:5080", "8080", "127.0.0.1", 5080)]
    [InlineData("http://[::]:81", null, "127.0.0.1", 81)]
    [InlineData("http://[::1]:81", null, "::1", 81)]
    [InlineData("https://*:443;http://10.1.2.3:80", null, "10.1.2.3", 80)]
    [InlineData(null, null, "127.0.0.1", 5000)]
    public void Address_FromTheSettings_CanBeRequested(string? urls, string? ports, string host, int port) =>
        Assert.Equal((host, port), HealthCommand.Address(Settings(urls, ports)));

    [Theory]
    [InlineData(200, 0, "")]
    [InlineData(503, 1, "/health returned 503.")]
    public async Task Program_Answers_GivesExitCodeAndMessage(int status, int code, string sentence)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/health", () => Results.StatusCode(status));
        await app.StartAsync(Token);
        var error = new StringWriter();

        Assert.Equal(code, await HealthCommand.RunAsync(Settings(app.Urls.First(), null), error));
        Assert.EndsWith(sentence, error.ToString().Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ClosesTheConnectionOrIsGone_FailsWithAMessage()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var (hungUp, gone) = (new StringWriter(), new StringWriter());
        var asking = HealthCommand.RunAsync(Settings(url, null), hungUp);
        (await listener.AcceptSocketAsync(Token)).Dispose();

        Assert.Equal(1, await asking);
        listener.Stop();
        Assert.Equal(1, await HealthCommand.RunAsync(Settings(url, null), gone));

        Assert.StartsWith($"{url}/health could not be requested: ", hungUp.ToString(), StringComparison.Ordinal);
        Assert.StartsWith($"{url}/health could not be requested: Connection refused", gone.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_HasNoPlainHttpAddress_SaysWhatToSet()
    {
        var error = new StringWriter();

        Assert.Equal(1, await HealthCommand.RunAsync(Settings("https://*:443", null), error));
        Assert.Contains("Set ASPNETCORE_HTTP_PORTS", error.ToString(), StringComparison.Ordinal);
    }

    private static IConfiguration Settings(string? urls, string? ports) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("URLS", urls), new("HTTP_PORTS", ports)]).Build();
}
