using System.Diagnostics;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary>The shipped alert rules, checked by Prometheus' own unit tests.</summary>
public sealed class AlertRulesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "prometheus");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("test", "rules", "fleet.rules.test.yml")]
    [InlineData("check", "rules", "fleet.rules.yml")]
    [InlineData("check", "config", "--syntax-only", "prometheus.yml")]
    public async Task Shipped_ForPrometheus_PassesItsOwnTests(params string[] arguments)
    {
        Assert.SkipUnless(
            File.Exists("/usr/bin/promtool") || Environment.GetEnvironmentVariable("CI") == "true",
            "Needs Debian's prometheus package"
        );
        using var promtool = Process.Start(
            new ProcessStartInfo("promtool", arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = promtool.StandardError.ReadToEndAsync(Token);
        var said = await promtool.StandardOutput.ReadToEndAsync(Token);
        await promtool.WaitForExitAsync(Token);

        Assert.True(promtool.ExitCode == 0, said + await errors);
    }
}
