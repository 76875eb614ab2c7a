using FleetDashboard.Collector.Audit;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Collector.Audit;

/// <summary>Whatever is changed in the file behind the Collector's back, <c>verify</c> names the record.</summary>
public sealed class TrailVerifierTests : IDisposable
{
    private readonly TrailLab _lab = new();

    public TrailVerifierTests() => _lab.Trail.Append([.. Enumerable.Range(1, 9).Select(number => TrailLab.Entry($"web-{number}"))]);

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Trail_Unchanged_IsIntact()
    {
        var found = _lab.Verify();

        Assert.Null(found.Broken);
        Assert.Equal((9, 1, 9), (found.Records, found.First, found.Sequence));
        Assert.Equal(_lab.Reader.Newest(new AuditQuery(), null, 1).Single().Hash, found.Hash);
    }

    [Theory]
    [InlineData("UPDATE records SET user = 'bob' WHERE sequence = 4", "Record 4 was altered")]
    [InlineData("UPDATE records SET reason = NULL WHERE sequence = 4", "Record 4 was altered")]
    [InlineData("UPDATE records SET at = 'yesterday' WHERE sequence = 4", "Record 4 was altered")]
    [InlineData("UPDATE records SET duration_ms = 0 WHERE sequence = 1", "Record 1 was altered")]
    [InlineData("UPDATE records SET container = 'web-4|', container_id = 'x' WHERE sequence = 4", "Record 4 was altered")]
    [InlineData("UPDATE records SET hash = upper(hash) WHERE sequence = 9", "Record 9 was altered")]
    [InlineData("DELETE FROM records WHERE sequence = 5", "Record 5 is missing")]
    [InlineData("DELETE FROM records WHERE sequence = 1", "Record 1 is missing")]
    [InlineData("DELETE FROM records WHERE sequence > 7", "Record 8 is missing. The chain ends with record 9, so 2 records were removed")]
    [InlineData("DELETE FROM records", "Record 1 is missing")]
    [InlineData(
        "INSERT INTO records SELECT 10, at, user, subject, role, source, action, app, container, container_id, phase, outcome, reason, "
            + "job, image_before, image_after, duration_ms, previous_hash, hash FROM records WHERE sequence = 9",
        "Record 10 was altered"
    )]
    [InlineData(
        "INSERT INTO records SELECT 0, at, user, subject, role, source, action, app, container, container_id, phase, outcome, reason, "
            + "job, image_before, image_after, duration_ms, previous_hash, hash FROM records WHERE sequence = 1",
        "Record 0 comes before the beginning"
    )]
    [InlineData(
        "UPDATE records SET sequence = CASE sequence WHEN 3 THEN -1 ELSE sequence END; UPDATE records SET sequence = 3 WHERE sequence = "
            + "6; UPDATE records SET sequence = 6 WHERE sequence = -1",
        "Record 3 was altered"
    )]
    [InlineData("UPDATE ends SET hash = 'x' WHERE name = 'head'", "Record 9 is not the record with which the chain ended")]
    [InlineData(
        "DELETE FROM records WHERE sequence <= 3; INSERT INTO ends SELECT 'anchor', 3, previous_hash FROM records WHERE sequence = 4",
        "Record 3 and all records before it are missing, and no record states"
    )]
    public void Trail_TamperedWith_NamesTheRecord(string sql, string sentence)
    {
        _lab.Tamper(sql);

        var found = _lab.Verify();

        Assert.NotNull(found.Broken);
        Assert.StartsWith(sentence, found.Broken, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_ReplacedWithAValidHash_BreaksTheNextOne()
    {
        var forged = _lab.Reader.Newest(new AuditQuery(), below: 5, 1).Single() with { User = "bob" };
        forged = forged with { Hash = CanonicalForm.Hash(forged) };
        _lab.Tamper($"UPDATE records SET user = 'bob', hash = '{forged.Hash}' WHERE sequence = 4");

        Assert.StartsWith("Record 5 does not follow record 4. One of the two was replaced", _lab.Verify().Broken, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_WrittenAfterTheEndWasRemoved_ShowsTheGap()
    {
        _lab.Tamper("DELETE FROM records WHERE sequence = 9");
        _lab.Trail.Append(TrailLab.Entry("later"));

        Assert.StartsWith("Record 9 is missing", _lab.Verify().Broken, StringComparison.Ordinal);
    }

    [Fact]
    public void Retention_RemovesOldRecordsAndKeepsAValidChain()
    {
        var time = new FakeTimeProvider(Facts.Now);
        using var lab = new TrailLab(time, keepDays: 30);
        for (var day = 0; day < 100; day++)
        {
            lab.Trail.Append(TrailLab.Entry($"day-{day}"), TrailLab.Entry($"night-{day}"));
            time.Advance(TimeSpan.FromDays(1));
        }

        lab.Trail.Prune();
        var once = lab.Verify();
        time.Advance(TimeSpan.FromDays(10));
        lab.Trail.Prune();
        var twice = lab.Verify();

        Assert.Null(once.Broken);
        Assert.Equal((141, 201), (once.First, once.Sequence));
        Assert.Null(twice.Broken);
        Assert.Equal((161, 202), (twice.First, twice.Sequence));
        lab.Tamper("UPDATE records SET reason = 'nothing was removed' WHERE sequence = 202");
        Assert.StartsWith("Record 202 was altered", lab.Verify().Broken, StringComparison.Ordinal);
    }

    [Fact]
    public void Retention_OfZeroDays_KeepsEverything()
    {
        var time = new FakeTimeProvider(Facts.Now);
        using var lab = new TrailLab(time, keepDays: 0);
        lab.Trail.Append(TrailLab.Entry("old"));
        time.Advance(TimeSpan.FromDays(5_000));
        lab.Trail.Prune();

        Assert.Equal(1, lab.Verify().Records);
    }

    [Fact]
    public void Command_PrintsTheResultAndReturnsACode()
    {
        var (whole, said) = Run(_lab.Path);
        _lab.Tamper("UPDATE records SET user = 'bob' WHERE sequence = 4");
        var (broken, named) = Run(_lab.Path);
        var (missing, help) = Run(_lab.Path + ".not-there");

        Assert.Equal((0, 1, 2), (whole, broken, missing));
        Assert.Contains("is intact: 9 records, 1 to 9. The last hash is", said, StringComparison.Ordinal);
        Assert.StartsWith("Record 4 was altered", named, StringComparison.Ordinal);
        Assert.Contains("Data__Path", help, StringComparison.Ordinal);
    }

    private static (int Code, string Said) Run(string path)
    {
        using var output = new StringWriter();
        return (VerifyCommand.Run([path], output), output.ToString());
    }
}
