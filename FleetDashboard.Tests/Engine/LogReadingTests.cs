using System.Net.Http.Json;
using System.Text.Json;
using FleetDashboard.Contracts.Logs;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>
/// Everything that a container prints on a real engine is read completely and in order, with every framing and log driver.
/// </summary>
[Trait("Category", "Engine")]
public sealed class LogReadingTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Logs_TwoHundredThousandLines_AreEachReadOnceInTailAndFollow()
    {
        const int count = 200_000;
        await using var collector = await StartAsync();
        var id = await RunAsync(collector, "logflood", $"awk 'BEGIN{{for(i=1;i<={count};i++)print \"line \" i}}'; sleep 600");

        // Opened while it prints, so that two responses meet in the flood. Both are read to the last line.
        await using var followed = await LogStream.OfContainerAsync(collector, id, "tail=1000&follow=true", Token);
        await followed.UntilTextAsync($"line {count}");
        var numbers = followed.Texts.Select(Number).ToList();
        var whole = await LinesAsync(collector, id, "tail=all");

        Assert.Equal(Enumerable.Range(numbers[0], count - numbers[0] + 1), numbers);
        Assert.Equal(Enumerable.Range(1, count), whole.Select(line => Number(line.Text)));
        Assert.Equal(Enumerable.Range(count - 4, 5), (await LinesAsync(collector, id, "tail=5")).Select(line => Number(line.Text)));
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task Logs_EveryKindOfBytes_AreLinesOfText()
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(
            collector,
            "logbytes",
            @"head -c 1000000 /dev/zero | tr '\0' x; echo; printf 'bad \377\376 end\nnul \000 end\ncrlf\r\n\033]0;title\007"
                + @"<script>alert(1)</script>\n'; echo oops >&2; printf last",
            until: "exited"
        );

        var lines = await LinesAsync(collector, id, "");

        // The two outputs are separate pipes, so the engine decides where the line of the other one falls.
        var output = lines.Where(line => line.Stream == "stdout").ToList();
        Assert.Equal((LogEvents.MaxTextBytes, 1_000_000L), (output[0].Text.Length, output[0].Cut));
        Assert.Equal(
            ["bad \uFFFD\uFFFD end", "nul \0 end", "crlf", "\e]0;title\a<script>alert(1)</script>", "last"],
            output.Skip(1).Select(line => line.Text)
        );
        Assert.Equal("oops", Assert.Single(lines, line => line.Stream == "stderr").Text);
        Assert.All(output.Skip(1), line => Assert.Null(line.Cut));

        // The engine counts the pieces of the long line. Here it is one line.
        Assert.Equal(lines.Count, (await LinesAsync(collector, id, $"tail={lines.Count}")).Count);
    }

    [EngineFact]
    public async Task Logs_Terminal_AreNotFramed()
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(
            collector,
            new LabContainer(engine.NameOf("logtty"))
            {
                Tty = true,
                Command = ["sh", "-c", "echo one; head -c 40000 /dev/zero | tr '\\0' y; echo; echo oops >&2; printf 'prompt> '"],
            },
            "exited"
        );

        var lines = await LinesAsync(collector, id, "");

        Assert.Equal(["one", new string('y', 40_000), "oops", "prompt> "], lines.Select(line => line.Text));
    }

    [EngineFact]
    public async Task Logs_DriverLocal_IsRead()
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(
            collector,
            new LabContainer(engine.NameOf("loglocal"))
            {
                LogDriver = "local",
                Command = ["sh", "-c", "head -c 40000 /dev/zero | tr '\\0' y; echo; echo two"],
            },
            "exited"
        );

        Assert.Equal([new string('y', 40_000), "two"], (await LinesAsync(collector, id, "")).Select(line => line.Text));
    }

    [EngineTheory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Logs_DriverNone_SaySoAndEnd(string follow)
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(collector, new LabContainer(engine.NameOf("lognone" + follow)) { LogDriver = "none" }, "running");

        await using var log = await LogStream.OfContainerAsync(collector, id, $"follow={follow}", Token);
        var end = await log.UntilEndAsync();

        Assert.Equal(LogMarkKinds.Unreadable, Assert.Single(log.Marks).Kind);
        Assert.Contains("'none'", Assert.Single(log.Marks).Text, StringComparison.Ordinal);
        Assert.Equal(LogEndReasons.Finished, end.End!.Reason);
    }

    [EngineFact]
    public async Task Logs_TailWithUntilOrOneStream_CountsAfterFiltering()
    {
        await using var collector = await StartAsync();
        var id = await RunAsync(
            collector,
            "logtail",
            "for i in 1 2 3 4 5; do echo error $i >&2; done; sleep 0.2; awk 'BEGIN{for(i=1;i<=5000;i++)print \"line \" i}'",
            until: "exited"
        );
        var all = await LinesAsync(collector, id, "tail=all");
        var (earlier, later) = (all.Single(line => line.Text == "line 1000"), all.Single(line => line.Text == "line 1005"));

        Assert.Equal(
            ["error 3", "error 4", "error 5"],
            (await LinesAsync(collector, id, "tail=3&stream=stderr")).Select(line => line.Text)
        );
        Assert.Equal(
            ["line 998", "line 999", "line 1000"],
            (await LinesAsync(collector, id, $"tail=3&until={earlier.At}")).Select(line => line.Text)
        );
        Assert.Equal(
            Enumerable.Range(1000, 6),
            (await LinesAsync(collector, id, $"since={earlier.At}&until={later.At}")).Select(line => Number(line.Text))
        );
        Assert.Equal(["line 4999", "line 5000"], (await LinesAsync(collector, id, $"tail=2&since={earlier.At}")).Select(line => line.Text));
        Assert.Empty(await LinesAsync(collector, id, "tail=0"));
    }

    private static int Number(string text) =>
        int.Parse(text.AsSpan(text.LastIndexOf(' ') + 1), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<List<LogLine>> LinesAsync(CollectorHost collector, string id, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/containers/{id}/logs?{query}");
        request.Headers.Authorization = new("Bearer", CollectorHost.Token());
        using var answer = await collector.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<List<LogLine>>(JsonSerializerOptions.Web, Token) ?? [];
    }

    private Task<CollectorHost> StartAsync() =>
        CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:05:00", "--Databases:Enabled=false");

    private Task<string> RunAsync(CollectorHost collector, string name, string script, string until = "running") =>
        RunAsync(collector, new LabContainer(engine.NameOf(name)) { Command = ["sh", "-c", script] }, until);

    private async Task<string> RunAsync(CollectorHost collector, LabContainer container, string until)
    {
        var id = await engine.RunAsync(container, Token);
        await collector.UntilAsync(
            fleet => fleet.Apps.SelectMany(app => app.Containers).Any(one => one.Id == id && one.State == until),
            Token
        );
        return id;
    }

    private async Task RemoveAsync(string id) =>
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new() { Force = true }, Token);
}
