using System.Diagnostics;
using System.Globalization;
using FleetDashboard.Tests.Browser;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace FleetDashboard.ByHand;

/// <summary>
/// Measures what each viewer costs Web, with real pages of a real browser on a running dashboard, for <c>bench/viewers.sh</c>.
/// <c>FLEET_WEB_PID</c> is Web's process, <c>FLEET_WEB_URL</c> its address, <c>FLEET_VIEWERS</c> the largest number of pages,
/// <c>FLEET_REFRESHES</c> how many refreshes each number is measured for.
/// </summary>
[Trait("Category", "Browser")]
public sealed class ViewersByHand(BrowserFixture browser)
{
    private static readonly int Pid = RequestedAmount.For("FLEET_WEB_PID", 0);
    private static readonly int Viewers = RequestedAmount.For("FLEET_VIEWERS", 100);
    private static readonly int Refreshes = RequestedAmount.For("FLEET_REFRESHES", 12);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Cost()
    {
        var url = new Uri(Environment.GetEnvironmentVariable("FLEET_WEB_URL")!);
        await using var context = await (await browser.LaunchAsync()).NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = 1440, Height = 1000 },
            }
        );
        context.SetDefaultTimeout(BrowserFixture.Deadline * 4);
        var pages = new List<IPage>();
        var rows = new List<(int Viewers, double CpuMs, long Pss)>();
        foreach (var wanted in new[] { 0, 1, Viewers / 4, Viewers / 2, Viewers })
        {
            while (pages.Count < wanted)
            {
                var page = await context.NewPageAsync();
                await (pages.Count == 0 ? page.SignInAsync(url) : page.GotoAsync(url.ToString()));
                await page.BecomeLiveAsync();
                pages.Add(page);
            }
            await Task.Delay(Interval * 2, Token);
            var before = Cpu();
            await Task.Delay(Interval * Refreshes, Token);
            rows.Add((wanted, (Cpu() - before).TotalMilliseconds / Refreshes, Pss()));
        }
        var lines = rows.Select(
            (row, i) =>
                i < 2
                    ? string.Create(CultureInfo.InvariantCulture, $"| {row.Viewers} | {row.CpuMs:0.0} ms | {row.Pss / 1024.0:0} MB | | |")
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {row.Viewers} | {row.CpuMs:0.0} ms | {row.Pss / 1024.0:0} MB | "
                            + $"{(row.CpuMs - rows[1].CpuMs) / (row.Viewers - 1):0.00} ms | "
                            + $"{(row.Pss - rows[1].Pss) / 1024.0 / (row.Viewers - 1):0.00} MB |"
                    )
        );
        var table = string.Join(
            '\n',
            [
                "| viewers | CPU of Web for a refresh | its memory (PSS) | CPU for each further viewer | memory for each |",
                "| --- | --- | --- | --- | --- |",
                .. lines,
            ]
        );
        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable("FLEET_TABLE")!, table + "\n", Token);
    }

    private static TimeSpan Cpu()
    {
        using var process = Process.GetProcessById(Pid);
        return process.TotalProcessorTime;
    }

    private static long Pss() =>
        File.ReadLines($"/proc/{Pid}/smaps_rollup")
            .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
            .Single();
}
