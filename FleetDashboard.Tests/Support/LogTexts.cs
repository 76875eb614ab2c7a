using System.Globalization;

namespace FleetDashboard.Tests.Support;

/// <summary>Typical output of an app with several containers, with the usual level formats and a few colours.</summary>
internal static class LogTexts
{
    private const string Escape = "\e[";
    private static readonly string[] Web =
    [
        """10.0.3.7 - - "GET /checkout HTTP/1.1" 200 4311""",
        $"{Escape}32minfo{Escape}0m: Request finished in {Escape}1m41 ms{Escape}0m",
        $"{Escape}33mwarn{Escape}0m: Pool is at 18 of 20 connections",
        $"{Escape}31mfail{Escape}0m: upstream timeout after 30 s, {Escape}4mtrouble-db-1:5432{Escape}0m",
        $"{Escape}38;2;255;140;0mtrue orange{Escape}0m {Escape}48;5;19m white on blue {Escape}0m {Escape}7m inverse {Escape}0m "
            + $"{Escape}9mstruck{Escape}0m",
    ];

    private static readonly string[] Hot =
    [
        """{"level":"info","time":1795420800,"msg":"batch done","rows":12840,"took_ms":118}""",
        """{"level":"error","time":1795420801,"msg":"timeout writing batch","error":{"code":"ETIMEDOUT","attempt":3},"rows":[1,2,3]}""",
        "level=debug msg=\"lease renewed\" ttl=30s",
    ];

    private static readonly string[] Oom =
    [
        "INFO  loading model into memory",
        "WARN  heap at 92 %",
        "ERROR java.lang.OutOfMemoryError: Java heap space",
        "\tat com.acme.Model.load(Model.java:88)",
    ];

    public static void Print(FakeLogs logs, DateTimeOffset now)
    {
        logs.SetClock(now.AddMinutes(-9));
        for (var i = 0; i < 40; i++)
        {
            logs.Print("trouble-oom-1", Oom);
        }
        logs.SetClock(now.AddMinutes(-2));
        for (var i = 0; i < 60; i++)
        {
            logs.Print("trouble-web-1", Web[i % Web.Length]);
            logs.Print("trouble-hot-1", i % 3 == 1 ? "stderr" : "stdout", [Hot[i % Hot.Length]]);
            if (i % 20 == 19)
            {
                logs.Mark("trouble-crashloop-1", "restarted", "restarted after exit 3");
                logs.Print(
                    "trouble-crashloop-1",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"panic: no route to broker {i}, and a line that goes on for so long "
                            + $"that it has to be wrapped on any screen that one can buy: {new string('x', 180)}"
                    )
                );
            }
        }
    }
}
