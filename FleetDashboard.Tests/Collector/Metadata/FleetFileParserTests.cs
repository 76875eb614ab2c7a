using System.Text;
using FleetDashboard.Collector.Metadata;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metadata;

/// <summary>Parses good files, and reports the line, the value found and the value expected of bad ones.</summary>
public sealed class FleetFileParserTests
{
    [Fact]
    public void EveryKey_IsRead()
    {
        var file = Good(
            """
            apps:
              billing:
                title: Billing & Co
                link: https://billing.example.org/?a=1#b
                owner: Payments
                runbook: http://wiki.example.org/billing
                icon: 👩‍💻
                containers: [billing-*, "*-cron"]
                ports:
                  - 18080
                  - 127.0.0.1:18081/TCP
                  - "[0:0::1]:18082/udp"
                  - 18090-18092/sctp
                subnet: [172.31.8.0/24, "fd00:8::/64"]
                protected: billing-vault
                rebuild:
                  service: web
                  context: /srv/src
                  dockerfile: docker/Dockerfile
                  args: { CHANNEL: stable, LEVEL: 3 }
                thresholds: { memory: 85, cpu: 99.5, throttled: 40 %, samples: 6 }
              wiki:
            protected:
            - traefik
            """
        );

        var app = file.Apps[0];
        Assert.Equal(["billing", "wiki"], file.Apps.Select(entry => entry.Name));
        Assert.Equal(
            ("Billing & Co", "https://billing.example.org/?a=1#b", "Payments", "http://wiki.example.org/billing", "👩‍💻"),
            (app.Title, app.Link, app.Owner, app.Runbook, app.Icon)
        );
        Assert.Equal([("billing-*", 8), ("*-cron", 8)], app.Containers.Select(pattern => (pattern.Text, pattern.Line)));
        Assert.Equal(
            ["18080/tcp", "127.0.0.1:18081/tcp", "[::1]:18082/udp", "18090/sctp", "18091/sctp", "18092/sctp"],
            app.Ports.Select(port => port.ToString())
        );
        Assert.Equal([10, 11, 12, 13, 13, 13], app.Ports.Select(port => port.Line));
        Assert.Equal(["172.31.8.0/24", "fd00:8::/64"], app.Subnets.Select(subnet => subnet.Network.ToString()));
        Assert.Equal(("billing-vault", 15), (app.Protected[0].Text, app.Protected[0].Line));
        Assert.Equal(("web", "/srv/src", "docker/Dockerfile"), (app.Rebuild!.Service, app.Rebuild.Context, app.Rebuild.Dockerfile));
        Assert.Equal([("CHANNEL", "stable"), ("LEVEL", "3")], app.Rebuild.Args.Select(arg => (arg.Key, arg.Value)));
        Assert.Equal(new Thresholds(0.85, 0.995, 0.40, 6), app.Thresholds);
        Assert.Equal(("traefik", 24), (file.Protected[0].Text, file.Protected[0].Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n\n")]
    [InlineData("---\n...\n")]
    [InlineData("apps:\nprotected:\n")]
    [InlineData("apps: {}\n")]
    [InlineData("\uFEFFapps:\r\n  wiki:\r\n    title: The Wiki\r\n")]
    public void Nothing_IsNoMistake(string text) => Assert.NotNull(FleetFileParser.Parse(Encoding.UTF8.GetBytes(text)).File);

    // The twenty ways and more. `>` in the text below stands for a tab.
    [Theory]
    [InlineData(
        "apps:\n  wiki:\n    title: 'open\n",
        3,
        "not valid YAML: While scanning a quoted scalar, found unexpected end of stream. Close the quote that starts here."
    )]
    [InlineData(
        "apps:\n  wiki:\n    title: Wiki: new\n",
        3,
        "not valid YAML: While scanning a plain scalar value, found invalid mapping. Put a text that holds ': ' in quotes, and let the "
            + "key above end in ':'."
    )]
    [InlineData("apps:\n>wiki: {}\n", 2, "not valid YAML: the line is indented with a tab. Use spaces.")]
    [InlineData("apps:\n  wiki:\n    title: Wiki\n> owner: me\n", 4, "not valid YAML: the line is indented with a tab. Use spaces.")]
    [InlineData(
        "apps:\n  wiki:\n     title: Wiki\n    owner: me\n",
        4,
        "not valid YAML: While parsing a block mapping, did not find expected key. Check the indentation: the keys of one mapping begin "
            + "in the same column."
    )]
    [InlineData(
        "apps:\n  wiki:\n    containers: [*]\n",
        3,
        "not valid YAML: While scanning an anchor or alias, found value containing disallowed: []{},. Put a pattern that begins with "
            + "'*' in quotes."
    )]
    [InlineData(
        "apps:\n  wiki:\n    tittle: Wiki\n",
        3,
        "unknown key 'tittle' in app 'wiki'; did you mean 'title'? Known keys: title, link, owner, runbook, icon, containers, ports, "
            + "subnet, protected, rebuild, thresholds."
    )]
    [InlineData("app:\n  wiki:\n", 1, "unknown key 'app' in the file; did you mean 'apps'? Known keys: apps, protected.")]
    [InlineData("wiki:\n  title: Wiki\n", 1, "unknown key 'wiki' in the file. Known keys: apps, protected.")]
    [InlineData("just a text\n", 1, "the file is the text 'just a text'; expected the keys apps, protected.")]
    [InlineData("- apps\n", 1, "the file is a list; expected the keys apps, protected.")]
    [InlineData("apps: [wiki, blog]\n", 1, "apps is a list; expected the name of each app with its keys below.")]
    [InlineData(
        "apps:\n  wiki: The Wiki\n",
        2,
        "app 'wiki' is the text 'The Wiki'; expected the keys title, link, owner, runbook, icon, containers, ports, subnet, protected, "
            + "rebuild, thresholds."
    )]
    [InlineData("apps:\n  wiki:\n    title: [The, Wiki]\n", 3, "title is a list; expected a value. Write one, or remove the key.")]
    [InlineData("apps:\n  wiki:\n    title:\n    owner: me\n", 3, "title is empty; expected a value. Write one, or remove the key.")]
    [InlineData(
        "apps:\n  wiki:\n    owner: me\n  blog:\n  wiki:\n    owner: you\n",
        5,
        "'wiki' occurs twice, first on line 2. Keep one of them."
    )]
    [InlineData("apps:\n  wiki:\n    owner: me\n    owner: you\n", 4, "'owner' occurs twice, first on line 3. Keep one of them.")]
    [InlineData("apps:\n  a/b:\n", 2, "'a/b' cannot name an app; a name has 1 to 128 characters, without '/' and '\\'.")]
    [InlineData("apps:\n  wiki:\n    ports:\n    - 80\n    - 70000\n", 5, "ports '70000': a port is between 1 and 65535.")]
    [InlineData("apps:\n  wiki:\n    ports: 0\n", 3, "ports '0': a port is between 1 and 65535.")]
    [InlineData(
        "apps:\n  wiki:\n    ports: -1\n",
        3,
        "ports '-1': expected a port of the host such as 18080, 18080/udp, 127.0.0.1:18081/tcp, [::1]:18081 or 18080-18083."
    )]
    [InlineData("apps:\n  wiki:\n    ports: 80/http\n", 3, "ports '80/http': the protocol is tcp, udp or sctp.")]
    [InlineData(
        "apps:\n  wiki:\n    ports: 18080:80\n",
        3,
        "ports '18080:80': what stands before the ':' must be an address of the host; give only the host's port, not the container's."
    )]
    [InlineData("apps:\n  wiki:\n    ports: 90-80\n", 3, "ports '90-80': the range ends before it begins.")]
    [InlineData(
        "apps:\n  wiki:\n    ports: 1-65535\n",
        3,
        "ports '1-65535': the range has 65535 ports, and at most 100 may be expected at once."
    )]
    [InlineData("apps:\n  wiki:\n    ports: [80-82, 81/tcp]\n", 3, "ports '81/tcp': 81/tcp is expected twice, first on line 3.")]
    [InlineData(
        "apps:\n  wiki:\n    subnet: 172.31.8.1/24\n",
        3,
        "subnet '172.31.8.1/24': that is an address inside a subnet; the subnet itself is 172.31.8.0/24."
    )]
    [InlineData(
        "apps:\n  wiki:\n    subnet: fd00::1/64\n",
        3,
        "subnet 'fd00::1/64': that is an address inside a subnet; the subnet itself is fd00::/64."
    )]
    [InlineData(
        "apps:\n  wiki:\n    subnet: 172.31.8.0/33\n",
        3,
        "subnet '172.31.8.0/33': the prefix of this kind of address is at most /32."
    )]
    [InlineData(
        "apps:\n  wiki:\n    subnet: 172.31.8.0\n",
        3,
        "subnet '172.31.8.0': expected a subnet such as 172.31.8.0/24 or fd00:8::/64."
    )]
    [InlineData(
        "apps:\n  wiki:\n    subnet: 172.31/16\n",
        3,
        "subnet '172.31/16': expected a subnet such as 172.31.8.0/24 or fd00:8::/64."
    )]
    [InlineData(
        "apps:\n  wiki:\n    containers:\n    - ^wiki-.*$\n",
        4,
        "containers '^wiki-.*$': holds '^', which no container name has; use letters, digits, '_', '.' and '-', with '*' for any run of "
            + "characters and '?' for one."
    )]
    [InlineData(
        "apps:\n  wiki:\n    containers: { a: b }\n",
        3,
        "containers is a mapping of keys; expected a value. Write one, or remove the key."
    )]
    [InlineData(
        "protected:\n- a b\n",
        2,
        "protected 'a b': holds a space, which no container name has; use letters, digits, '_', '.' and '-', with '*' for any run of "
            + "characters and '?' for one."
    )]
    [InlineData(
        "apps:\n  wiki:\n    containers: [*-web]\n",
        3,
        "'*-web' is a YAML alias, which this file does not support. Write the value itself, and put a pattern that begins with '*' in "
            + "quotes."
    )]
    [InlineData(
        "apps: &a\n  wiki: *a\n",
        2,
        "'*a' is a YAML alias, which this file does not support. Write the value itself, and put a pattern that begins with '*' in quotes."
    )]
    [InlineData(
        "apps:\n  wiki:\n    link: javascript:alert(1)\n",
        3,
        "link 'javascript:alert(1)': expected an address that begins with http:// or https://."
    )]
    [InlineData(
        "apps:\n  wiki:\n    runbook: /wiki/runbook\n",
        3,
        "runbook '/wiki/runbook': expected an address that begins with http:// or https://."
    )]
    [InlineData(
        "apps:\n  wiki:\n    link: https://me:secret@wiki.example.org\n",
        3,
        "link 'https://…@wiki.example.org': an address with a user or password in it would show them to every viewer; leave them out."
    )]
    [InlineData("apps:\n  wiki:\n    icon: icon.png\n", 3, "icon 'icon.png': expected one emoji or up to three characters.")]
    [InlineData("apps:\n  wiki:\n    title: \"a\\nb\"\n", 3, "title has line breaks or control characters; expected one line.")]
    [InlineData("apps:\n  wiki:\n    rebuild: {}\n", 3, "rebuild has no context. Set it to the folder that the image is built from.")]
    [InlineData(
        "apps:\n  wiki:\n    rebuild:\n      context: .\n      dockerfile: ../Dockerfile\n",
        5,
        "dockerfile '../Dockerfile': expected a path inside the context, such as docker/Dockerfile."
    )]
    [InlineData(
        "apps:\n  wiki:\n    rebuild:\n      context: .\n      args: [a]\n",
        5,
        "args is a list; expected the name of each build argument with its value."
    )]
    [InlineData(
        "apps:\n  wiki:\n    rebuild:\n      context: .\n      args:\n        KEY: |\n          secret\n          key\n",
        6,
        "KEY has line breaks or control characters; expected one line."
    )]
    [InlineData(
        "apps:\n  wiki:\n    thresholds:\n      memory: 850\n",
        4,
        "memory '850': expected a percentage from 1 to 100, such as 85."
    )]
    [InlineData(
        "apps:\n  wiki:\n    thresholds: 90\n",
        3,
        "thresholds is the text '90'; expected the keys memory, cpu, throttled, samples."
    )]
    [InlineData("apps:\n  wiki:\n    thresholds: { samples: 0 }\n", 3, "samples '0': expected a whole number of samples from 1 to 100.")]
    [InlineData("apps:\n---\napps:\n", 2, "a second document starts here. Remove the '---': the file is one document.")]
    [InlineData("apps:\n  ? [a, b]\n  : c\n", 2, "a list cannot be a key; a key is a text.")]
    public void Error_IsReportedWithItsLine(string text, int line, string sentence)
    {
        var reading = FleetFileParser.Parse(Encoding.UTF8.GetBytes(text.Replace('>', '\t')));

        Assert.Null(reading.File);
        Assert.Equal([(line, sentence)], reading.Errors.Select(mistake => (mistake.Line, mistake.Sentence)));
    }

    [Fact]
    public void AllMistakes_AreToldInOneGo_InTheirOrder()
    {
        var reading = FleetFileParser.Parse("protected: [a b]\napps:\n  wiki:\n    ports: [x, 99999]\n    link: ftp://x\n    nope: 1\n");

        Assert.Equal([1, 4, 4, 5, 6], reading.Errors.Select(mistake => mistake.Line));
    }

    [Fact]
    public void ManyErrors_AreCounted_AndTwentyAreReported()
    {
        var reading = FleetFileParser.Parse("apps:\n  wiki:\n    ports:\n" + string.Concat(Enumerable.Repeat("    - x\n", 500)));

        Assert.Equal(FleetFileErrors.Most + 1, reading.Errors.Length);
        Assert.Equal("from here on 480 more errors follow. Fix these first.", reading.Errors[^1].Sentence);
    }

    [Fact]
    public void OtherEncoding_IsAnError()
    {
        Assert.Equal((2, "not UTF-8 text. Save the file as UTF-8."), First([.. "apps:\n  wiki: "u8, 0xE4, .. "\n"u8]));
        Assert.Equal(
            (1, "not UTF-8 text. Save the file as UTF-8."),
            First([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("apps:\n")])
        );
    }

    // What would cost memory or the stack if it were followed.
    [Theory]
    [InlineData("[", "nested more than 12 levels deep; no setting of this file is.")]
    [InlineData("{a: ", "nested more than 12 levels deep; no setting of this file is.")]
    [InlineData("- ", "nested more than 12 levels deep; no setting of this file is.")]
    [InlineData("- a\n", "more than 50000 values; split the file or remove some.")]
    public void DeepOrHugeDocument_IsRefused(string piece, string sentence)
    {
        var reading = FleetFileParser.Parse(string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length)));

        Assert.Equal(sentence, Assert.Single(reading.Errors).Sentence);
    }

    // Whatever is typed on the way to a good file gives a sentence and never an exception.
    [Fact]
    public void Fragments_NeverThrow()
    {
        var example = File.ReadAllText(FleetFileExampleTests.Example);
        var random = new Random(4711);
        const string odd = "\t\"'[]{}*&!|>%@`:?-#,\0\u0085\u2028 \n";
        for (var i = 0; i < 3_000; i++)
        {
            var at = random.Next(example.Length);
            var text = (i % 3) switch
            {
                0 => example[..at],
                1 => example.Insert(at, odd[random.Next(odd.Length)].ToString()),
                _ => example.Remove(at, Math.Min(random.Next(1, 40), example.Length - at)),
            };
            var reading = FleetFileParser.Parse(text);
            Assert.True(reading.File is not null == reading.Errors.IsEmpty);
            Assert.All(reading.Errors, mistake => Assert.InRange(mistake.Line, 1, text.Count(c => c == '\n') + 2));
        }
    }

    private static (int, string) First(byte[] bytes) =>
        FleetFileParser.Parse(bytes).Errors is [var mistake] ? (mistake.Line, mistake.Sentence) : default;

    private static FleetFile Good(string text)
    {
        var reading = FleetFileParser.Parse(text);
        Assert.Empty(reading.Errors);
        return reading.File!;
    }
}
