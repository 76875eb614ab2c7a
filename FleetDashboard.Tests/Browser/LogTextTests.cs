using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Browser;

/// <summary>How the viewer parses a line: its modules, called in a real browser under the page's Content-Security-Policy.</summary>
[Trait("Category", "Browser")]
public sealed class LogTextTests(BrowserFixture browser)
{
    // The line, its displayed text, and the style of its first styled piece.
    private static readonly (string Line, string Shown, string Style)[] Ansi =
    [
        ("plain", "plain", "{}"),
        ("\e[31mred\e[0m", "red", """{"fg":1}"""),
        ("\e[91mred\e[0m", "red", """{"fg":9}"""),
        ("\e[42mon green", "on green", """{"bg":2}"""),
        ("\e[1;3;4;9mall", "all", """{"bold":true,"italic":true,"underline":true,"strike":true}"""),
        ("\e[2mdim\e[22m", "dim", """{"dim":true}"""),
        ("\e[7minverse", "inverse", """{"inverse":true}"""),
        ("\e[38;5;196mcube", "cube", """{"fg":[255,0,0]}"""),
        ("\e[38;5;9mnamed", "named", """{"fg":9}"""),
        ("\e[38;5;244mgrey", "grey", """{"fg":[128,128,128]}"""),
        ("\e[38;2;1;2;3mtrue", "true", """{"fg":[1,2,3]}"""),
        ("\e[48:2::1:2:3mcolons", "colons", """{"bg":[1,2,3]}"""),
        ("\e[38;2;1;2;300mtoo much", "too much", "{}"),
        ("\e[38;5;999mtoo much", "too much", "{}"),
        ("\e[4:3mcurly\e[4:0m", "curly", """{"underline":true}"""),
        ("\e[31;mreset by nothing", "reset by nothing", "{}"),
        ("\e]0;owned\adone", "done", "{}"),
        ("\e]0;owned\e\\done", "done", "{}"),
        ("\e]8;;https://evil.example\e\\click\e]8;;\e\\", "click", "{}"),
        ("\e]0;never ends", "", "{}"),
        ("\e[2J\e[1;1Hhome", "home", "{}"),
        ("\e[?25lcursor\e[?25h", "cursor", "{}"),
        ("\e[>4;1mnot a style", "not a style", "{}"),
        ("\ePq#0;2;0;0;0\e\\dcs", "dcs", "{}"),
        ("\e_apc\e\\\e^pm\e\\\eXsos\e\\after", "after", "{}"),
        ("\e(Bcharset\e=\e7", "charset", "{}"),
        ("end\e", "end", "{}"),
        ("end\e[", "end", "{}"),
        ("\u009b31meight bits\u009d0;title\u009cdone\u0085", "eight bitsdone", """{"fg":1}"""),
        ("Windows\r", "Windows", "{}"),
        ("10 %\r50 %\r100 %\r\r", "100 %", "{}"),
        ("a\tb", "a\tb", "{}"),
        ("\0\a\b\u007f", "\u2400\u2407\u2408\u2421", """{"control":true}"""),
        ("\u00e9\u4e16\U0001f600", "\u00e9\u4e16\U0001f600", "{}"),
        ("user said \u00e2\u0080\u009d then: ERROR reset failed", "user said \u00e2 then: ERROR reset failed", "{}"),
        (
            "\u00e2\u0080\u0098one\u00e2\u0080\u0099 and \u00e2\u0080\u009ctwo\u00e2\u0080\u009d",
            "\u00e2one\u00e2 and \u00e2two\u00e2",
            "{}"
        ),
        ("\u0090dcs \u0098sos \u009epm \u009fapc \u009bcsi", "dcs sos pm apc csi", "{}"),
        ("\u009d8;;https://evil.example\alink\u009d8;;\a", "link", "{}"),
        ("\u009b2Jhome\u009b?25l", "home", "{}"),
        ("\e]0;" + new string('x', 5000) + " ERROR readable", "0;" + new string('x', 5000) + " ERROR readable", "{}"),
        ("\e[32mdone\r\e[0m", "done", """{"fg":2}"""),
        ("\e[31m\rred", "red", """{"fg":1}"""),
        ("\r\e[Kdone\r\e[K", "done", "{}"),
        ("10 %\r100 %\r      \r", "100 %", "{}"),
        ("\r\r", "", "{}"),
        ("|\b/\b-\b\\\bdone", "done", "{}"),
        ("pass\b\b\b\bword", "word", "{}"),
        ("abc\b\bX", "aXc", "{}"),
        ("rubbed\b \b\b \b", "rubb  ", "{}"),
        ("B\bBo\bol\bld\bd", "Bold", "{}"),
        ("\e[33m\U0001f600\b!\e[0m", "!", """{"fg":3}"""),
        ("\bat the start", "\u2408at the start", """{"control":true}"""),
    ];

    private static readonly (string Line, string Level)[] Levels =
    [
        ("2026-11-23 08:00:05 ERROR something", "error"),
        ("ERROR: relation \"x\" does not exist", "error"),
        ("[error] 12#12: *3 open() failed", "error"),
        ("2026/11/23 08:00:05 [warn] 7#7: slow", "warn"),
        ("WARNING: All illegal access operations", "warn"),
        ("fail: Microsoft.Hosting[6]", "error"),
        ("info: Microsoft.Hosting[14]", "info"),
        ("crit: disk", "fatal"),
        ("I1123 08:00:05.000000       1 main.go:9] up", "info"),
        ("E1123 08:00:05.000000       1 main.go:9] down", "error"),
        ("<11>Nov 23 app: broken", "error"),
        ("<30>Nov 23 app: fine", "info"),
        ("{\"level\":\"warning\",\"msg\":\"x\"}", "warn"),
        ("{\"msg\":\"x\",\"severity\":\"ERROR\"}", "error"),
        ("{\"level\":50,\"msg\":\"pino\"}", "error"),
        ("{\"level\":30}", "info"),
        ("{\"level\":3,\"short_message\":\"gelf\"}", "error"),
        ("{\"t\":{},\"s\":\"I\",\"c\":\"NETWORK\"}", "info"),
        ("{\"log\":{\"level\":\"debug\"}}", "debug"),
        ("{\"msg\":\"\\\"level\\\":\\\"error\\\" is only quoted\"}", ""),
        ("{\"msg\":\"ERROR in the text of an entry without a level\"}", ""),
        ("ts=1 level=debug msg=\"lease\"", "debug"),
        ("time=\"x\" lvl=eror", ""),
        ("9:00AM INF started", "info"),
        ("9:00AM FTL gone", "fatal"),
        ("1:M 23 Nov 2026 08:00:05.123 # Warning: no swap", "warn"),
        ("1:M 23 Nov 2026 08:00:05.123 * Ready", "info"),
        ("panic: runtime error", "fatal"),
        ("no errors found in 12 files", ""),
        ("INFORMATIVE text", ""),
        ("GET /error HTTP/1.1", ""),
        ("{\"msg\":\"joined\",\"player\":{\"level\":3},\"severity\":\"INFO\"}", "info"),
        ("{\"msg\":\"joined\",\"player\":{\"level\":3}}", ""),
        ("{\"rows\":[{\"level\":\"error\"}],\"level\":\"info\"}", "info"),
        ("{\"rows\":[\"level\",\"error\",\"severity\",\"ERROR\"]}", ""),
        ("{\"a\":{\"log\":{\"level\":\"error\"}},\"levelname\":\"WARNING\"}", "warn"),
        ("{\"level\":10}", "trace"),
        ("{\"level\":20}", "debug"),
        ("{\"level\":40}", "warn"),
        ("{\"level\":60}", "fatal"),
        ("{\"level\":\"30\"}", "info"),
        ("{\"level\":400,\"level_name\":\"ERROR\"}", "error"),
        ("{\"level\":\"player\",\"severity\":\"warn\"}", "warn"),
        ("{\"severity\":\"INFO\",\"msg\":\"{\\\"level\\\":\\\"error\\\"}\"}", "info"),
        ("  {\"Level\":\"Error\",\"cut", "error"),
        ("GET /api (error) 200", ""),
        ("GET /api [error] 200", ""),
        ("10.0.0.7 - - [23/Nov/2026] \"GET /search?q=FATAL+ERROR HTTP/1.1\" 200 12 \"-\" \"curl ERROR\"", ""),
        ("ERROR GET /api failed", "error"),
        ("opened https://example.org/ERROR/page", ""),
        ("said \"ERROR is not what it was\" twice", ""),
        ("renamed 'WARN me' to `ERROR me`", ""),
        ("it can't fail and won't warn", ""),
        ("msg=\"set level=error\" level=info", "info"),
        ("note=\"level=error\" done", ""),
        ("GET /x?level=error HTTP/1.1", ""),
        ("severity=WARNING app=x", "warn"),
        ("level=50 msg=x", "error"),
        ("<3>kernel: oops", "error"),
        ("<999>no priority", ""),
        ("<info>  [1795420800.1] manager: up", "info"),
        ("W1123 08:00:05.000000       1 x.go:1] slow", "warn"),
        ("F1123 08:00:05.000000       1 x.go:1] gone", "fatal"),
        ("", ""),
    ];

    private static readonly (string Text, string? Indented)[] Json =
    [
        (
            """{"a":12345678901234567890,"b":[1,{}],"c":"x, {y}: \"z\""}""",
            "{\n  \"a\": 12345678901234567890,\n  \"b\": [\n    1,\n    {}\n  ],\n  \"c\": \"x, {y}: \\\"z\\\"\"\n}"
        ),
        ("{ \"a\" : [ ] }", "{\n  \"a\": []\n}"),
        ("{broken}", null),
    ];

    [Fact]
    public async Task Lines_WithEscapes_AreParsedAsByATerminal()
    {
        await using var visit = await Visit.StartAsync(browser, Snapshots.Fleet());
        var page = visit.Page;

        var parsed = await page.EvaluateAsync<string[][]>(
            """
            async lines => {
              const { parse, plain } = await import("/logs/ansi.js");
              const kept = style => Object.fromEntries(Object.entries(style).filter(([, value]) => value !== false && value !== null));
              return lines.map(line => [plain(line), JSON.stringify(kept(parse(line)[0]?.style ?? {}))]);
            }
            """,
            Ansi.Select(row => row.Line).ToArray()
        );
        var levels = await page.EvaluateAsync<string[]>(
            "async lines => { const { levelOf } = await import('/logs/level.js'); return lines.map(levelOf); }",
            Levels.Select(row => row.Line).ToArray()
        );
        var indented = await page.EvaluateAsync<string?[]>(
            "async lines => { const { indent } = await import('/logs/json.js'); return lines.map(indent); }",
            Json.Select(row => row.Text).ToArray()
        );

        Assert.Equal(Ansi.Select(row => (row.Shown, row.Style)), parsed.Select(pair => (pair[0], pair[1])));
        // The download shows the same text as the page.
        Assert.Equal(Ansi.Select(row => row.Shown), Ansi.Select(row => FleetDashboard.Web.Logs.LogText.Plain(row.Line)));
        Assert.Equal(Levels.Select(row => $"{row.Level}: {row.Line}"), Levels.Zip(levels, (row, level) => $"{level}: {row.Line}"));
        Assert.Equal(Json.Select(row => row.Indented), indented);
    }

    [Fact]
    public async Task Events_SplitAnywhere_AreTheSame()
    {
        await using var visit = await Visit.StartAsync(browser, Snapshots.Fleet());

        var whole = await visit.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const { SseParser } = await import("/logs/stream.js");
              const text =
                'event: line\r\ndata: {"text":"ä\u{1f600}"}\r\n\r\n: comment\nevent: line\ndata: {"text":\ndata: "b"}\n\n' +
                'event: line\ndata: {garbled\n\nevent: end\ndata: {}\n\n';
              const seen = new Set();
              for (let cut = 0; cut <= text.length; cut++) {
                const parser = new SseParser();
                seen.add(JSON.stringify([...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut))]));
              }
              return [...seen];
            }
            """
        );

        Assert.Equal(["""[{"name":"line","data":{"text":"ä😀"}},{"name":"line","data":{"text":"b"}},{"name":"end","data":{}}]"""], whole);
    }
}
