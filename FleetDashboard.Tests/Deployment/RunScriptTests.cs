using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary><c>./run.sh</c> as a user runs it who has read only the README.</summary>
[Trait("Category", "Deployment")]
[SupportedOSPlatform("linux")]
public sealed partial class RunScriptTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("FLEET_SHARED_SECRET", "short", "FLEET_SHARED_SECRET has 5 bytes; it needs at least 32")]
    [InlineData("DOCKER_HOST", "ssh://somewhere", "DOCKER_HOST is 'ssh://somewhere'; only unix:// and tcp:// are supported")]
    [InlineData("FLEET_DEMO", "yes", "FLEET_DEMO is 'yes'; set it to 1")]
    [InlineData("FLEET_WEB_URL", "localhost", "FLEET_WEB_URL is 'localhost'; it must look like http://localhost:5080")]
    [InlineData("FLEET_COLLECTOR_URL", "http://localhost:5080", "FLEET_WEB_URL and FLEET_COLLECTOR_URL both use port 5080")]
    public async Task Setting_Invalid_PrintsOneMessageAndStartsNothing(string variable, string value, string sentence)
    {
        using var run = Start((variable, value));

        var told = await run.StandardError.ReadToEndAsync(Token);
        await run.WaitForExitAsync(Token);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("run.sh: " + sentence, told, StringComparison.Ordinal);
        Assert.Single(told.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Port_IsInUse_NamesTheVariableToSet()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var run = Start(("FLEET_WEB_URL", $"http://localhost:{((IPEndPoint)taken.LocalEndpoint).Port}"));

        var told = await run.StandardError.ReadToEndAsync(Token);

        Assert.Contains("is in use. Stop the program that listens there, or set FLEET_WEB_URL", told, StringComparison.Ordinal);
    }

    // Builds everything from scratch, which takes minutes.
    [EngineFact]
    public async Task Run_OnARealEngine_PrintsAddressAndPasswordAndStopsEverything()
    {
        var (web, collector) = ($"http://127.0.0.1:{UnusedPort.Find()}", $"http://127.0.0.1:{UnusedPort.Find()}");
        var data = Directory.CreateTempSubdirectory("fleet-run-").FullName;
        using var run = Start(
            ("DOCKER_HOST", engine.Endpoint.ToString()),
            ("FLEET_DEMO", "0"),
            ("FLEET_WEB_URL", web),
            ("FLEET_COLLECTOR_URL", collector),
            ("FLEET_DATA", data)
        );
        var told = "";
        while (!told.Contains("Ctrl-C", StringComparison.Ordinal) && await run.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            told += line + "\n";
        }

        Assert.Contains($"Fleet Dashboard:  {web}", told, StringComparison.Ordinal);
        Assert.Contains("User:             admin", told, StringComparison.Ordinal);
        Assert.Matches(Password(), told);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(web + "/sign-in"), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await http.GetAsync(new Uri(web), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(collector + "/api/v1/fleet"), Token)).StatusCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.DoesNotContain(Password().Match(told).Groups[1].Value, LogsIn(data), StringComparison.Ordinal);

        using var term = Process.Start("kill", ["-TERM", $"{run.Id}"]);
        await run.WaitForExitAsync(Token);

        Assert.Equal(143, run.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(web + "/alive"), Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(collector + "/alive"), Token));
        Directory.Delete(data, recursive: true);
    }

    private static string LogsIn(string data) =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(data, "logs")).Select(File.ReadAllText));

    private static Process Start(params (string Variable, string Value)[] settings)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "run.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var variable in start
                .Environment.Keys.Where(key => key.StartsWith("FLEET_", StringComparison.Ordinal) || key == "DOCKER_HOST")
                .ToList()
        )
        {
            start.Environment.Remove(variable);
        }

        foreach (var (variable, value) in settings)
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start)!;
    }

    [GeneratedRegex(@"password (\w{5}-\w{5}-\w{5}-\w{5})")]
    private static partial Regex Password();
}
