using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Audit;

/// <summary>What is written to the audit trail and how, and what happens if it cannot be written.</summary>
[SupportedOSPlatform("linux")]
public sealed class AuditTrailTests
{
    [Fact]
    public void Hash_IsComputedAsDocumented()
    {
        var record = new AuditRecord
        {
            Sequence = 7,
            At = new DateTimeOffset(2026, 11, 23, 8, 0, 5, TimeSpan.FromHours(1)),
            User = "Jörg",
            Role = "operator",
            Action = "restart",
            App = "shop",
            Container = "shop-web-1",
            Phase = "outcome",
            Outcome = "succeeded",
            DurationMs = 1200,
            PreviousHash = CanonicalForm.Genesis,
            Hash = "",
        };
        var bytes =
            $"fleet-audit-1\n64:{new string('0', 64)}\n1:7\n28:2026-11-23T07:00:05.0000000Z\n5:Jörg\n-\n8:operator\n-\n"
            + "7:restart\n4:shop\n10:shop-web-1\n-\n7:outcome\n9:succeeded\n-\n-\n-\n-\n4:1200\n";

        Assert.Equal(bytes, Encoding.UTF8.GetString(CanonicalForm.Bytes(record)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bytes))), CanonicalForm.Hash(record));
    }

    [Fact]
    public void Record_WrittenAndRead_IsTheSame()
    {
        using var lab = new TrailLab();
        lab.Trail.Append(
            new AuditEntry("a\nb\ud800", "restart", AuditPhases.Outcome)
            {
                Subject = "s",
                Role = "r",
                Source = "::1",
                App = "ä",
                Container = "c",
                ContainerId = "id",
                Outcome = "succeeded",
                Reason = new string('x', 5_000),
                Job = "j",
                ImageBefore = "b",
                ImageAfter = "a",
                DurationMs = 5,
            }
        );

        var record = Assert.Single(lab.Reader.ReadJob("j"));

        Assert.Equal(CanonicalForm.Hash(record), record.Hash);
        Assert.Equal(("a\uFFFDb\uFFFD", "ä", 2_000, 5), (record.User, record.App, record.Reason!.Length, record.DurationMs));
        Assert.Null(lab.Verify().Broken);
    }

    [Fact]
    public void FolderAndFile_AreAccessibleOnlyByTheirOwner()
    {
        var parent = Directory.CreateTempSubdirectory("fleet-trail-");
        using (var lab = new TrailLab(folder: Path.Combine(parent.FullName, "made")))
        {
            lab.Trail.Open();

            Assert.Equal("700", Mode(Path.GetDirectoryName(lab.Path)!));
            Assert.Equal("600", Mode(lab.Path));
        }

        parent.Delete(recursive: true);

        static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);
    }

    [Fact]
    public void Trail_OfAnotherCollector_IsNotOpened()
    {
        using var lab = new TrailLab();
        lab.Trail.Open();
        using var second = new TrailLab(folder: Path.GetDirectoryName(lab.Path));

        var refusal = Assert.Throws<TrailInUseException>(second.Trail.Open);

        Assert.Contains("Another Collector is using", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Data:Path", refusal.Message, StringComparison.Ordinal);
        lab.Trail.Append(TrailLab.Entry("still-mine"));
        Assert.Null(lab.Verify().Broken);
    }

    [Fact]
    public void Reader_FiltersAndPages()
    {
        using var lab = new TrailLab();
        lab.Trail.Append([.. Enumerable.Range(0, 20).Select(number => TrailLab.Entry(number % 2 == 0 ? "even" : "odd"))]);
        var even = new AuditQuery
        {
            Container = "even",
            User = "ann",
            App = "shop",
        };

        var first = lab.Reader.Newest(even, below: null, 4);
        var second = lab.Reader.Newest(even, below: first[^1].Sequence, 4);

        Assert.Equal([19, 17, 15, 13], first.Select(record => record.Sequence));
        Assert.Equal([11, 9, 7, 5], second.Select(record => record.Sequence));
        Assert.Empty(lab.Reader.Newest(new AuditQuery { User = "ann' OR 1=1 --" }, null, 4));
        Assert.Empty(lab.Reader.Newest(new AuditQuery { To = first[^1].At.AddDays(-1) }, null, 4));
        Assert.Equal(20, lab.Reader.Oldest(new AuditQuery { From = first[^1].At.AddDays(-1) }, 0, 100).Length);
    }

    [Fact]
    public void Intent_WithoutAnOutcome_IsUnfinished()
    {
        using var lab = new TrailLab();
        lab.Trail.Append(
            TrailLab.Entry("done", AuditPhases.Intent, "1"),
            TrailLab.Entry("open", AuditPhases.Intent, "1"),
            TrailLab.Entry("done", AuditPhases.Intent, "2")
        );
        lab.Trail.Append(TrailLab.Entry("done", AuditPhases.Outcome, "1"));

        Assert.Equal([("1", "open"), ("2", "done")], lab.Reader.Unfinished().Select(intent => (intent.Job!, intent.Container!)));
    }

    [Fact]
    public async Task Disk_Full_RefusesWritesKeepsReadingAndRecovers()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Mounting a small file system needs root.");
        var folder = Directory.CreateTempSubdirectory("fleet-full-").FullName;
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder) == 0, "Nothing may be mounted here.");
        try
        {
            using var lab = new TrailLab(folder: folder);
            lab.Trail.Append(TrailLab.Entry("before"));
            var ballast = Path.Combine(folder, "ballast");
            Fill(ballast);

            lab.Trail.Check();
            var full = Assert.Throws<TrailUnwritableException>(() => lab.Trail.Append(TrailLab.Entry("lost")));
            lab.Trail.AppendOutcome(TrailLab.Entry("owed"));
            var trouble = lab.Trail.Trouble;
            var readable = lab.Reader.Newest(new AuditQuery(), null, 10).Select(record => record.Container);
            var verified = lab.Verify();
            File.Delete(ballast);
            lab.Trail.Check();

            Assert.Contains("is full. Free some space", full.Message, StringComparison.Ordinal);
            Assert.Equal(full.Message, trouble);
            Assert.Equal(["before"], readable);
            Assert.Null(verified.Broken);
            Assert.Null(lab.Trail.Trouble);
            Assert.Equal(["owed", "before"], lab.Reader.Newest(new AuditQuery(), null, 10).Select(record => record.Container));
            Assert.Null(lab.Verify().Broken);
        }
        finally
        {
            await RunAsync("umount", "--lazy", folder);
            Directory.Delete(folder);
        }
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("-2", "\"'-2\"")]
    [InlineData("+2", "\"'+2\"")]
    [InlineData("\t=x", "\"'\t=x\"")]
    [InlineData("say \"hi\", then", "\"say \"\"hi\"\", then\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("x;=1+1", "\"x;'=1+1\"")]
    [InlineData("x\t =HYPERLINK(1)", "\"x\t '=HYPERLINK(1)\"")]
    [InlineData("x|@sum", "\"x|'@sum\"")]
    [InlineData("x\n\"-1", "\"x\n\"\"'-1\"")]
    [InlineData(";=1", "\";'=1\"")]
    [InlineData("  =1+1", "\"'  =1+1\"")]
    [InlineData("\"=1", "\"'\"\"=1\"")]
    [InlineData("\uff1d1\uff0b1", "\"'\uff1d1\uff0b1\"")]
    [InlineData("a;\uff20x", "\"a;'\uff20x\"")]
    [InlineData("a;b", "a;b")]
    [InlineData("exit-3 of a=b", "exit-3 of a=b")]
    [InlineData("abc\u202etxt\u2066", "\"abc\ufffdtxt\ufffd\"")]
    [InlineData(null, "")]
    public void Cell_AnyText_IsNeitherAFormulaNorAnotherCell(string? text, string cell) => Assert.Equal(cell, AuditCsv.Cell(text));

    private static void Fill(string ballast)
    {
        using var file = new FileStream(ballast, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
