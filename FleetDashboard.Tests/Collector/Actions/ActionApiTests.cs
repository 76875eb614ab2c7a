using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>Who may act, how often, and what is answered and recorded; on the demo engine, whose containers restart at once.</summary>
public sealed class ActionApiTests : IAsyncLifetime
{
    private DemoEngineHost _engine = null!;
    private CollectorHost _collector = null!;

    public static TheoryData<string, string> BadTokens =>
        new()
        {
            { "none", "" },
            { "garbage", "not.a.token" },
            { "expired", CollectorHost.Token(age: TimeSpan.FromMinutes(5), role: Roles.Operator, user: "Mallory") },
            {
                "another key",
                CollectorHost.Token(secret: "another-secret-of-enough-bytes-0123456789", role: Roles.Operator, user: "Mallory")
            },
            { "another audience", CollectorHost.Token(audience: "somebody", role: Roles.Operator, user: "Mallory") },
            {
                "another algorithm",
                CollectorHost.Token(
                    algorithm: SecurityAlgorithms.HmacSha512,
                    secret: CollectorHost.Secret + new string('x', 40),
                    role: Roles.Operator,
                    user: "Mallory"
                )
            },
            { "unsigned", Unsigned() },
        };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await DemoEngineHost.StartAsync(60, Token);
        _collector = await CollectorHost.StartAsync(
            _engine.Endpoint,
            Token,
            "--Actions:RequestsPerMinute=1000",
            "--Audit:CheckInterval=00:00:01"
        );
        await _collector.UntilAsync(fleet => fleet.Apps.Length > 0, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Restart_OfAContainer_IsAJobWhoseIntentAndOutcomeAreRecorded()
    {
        var target = await OpenAsync();

        var answer = await _collector.PostAsync($"/api/v1/containers/{target.Id}/restart", Token, user: "Ann");
        var (job, _) = await _collector.EndOfAsync(answer.Job, Token);
        var records = await _collector.AuditAsync(Token, $"&job={job.Id}");

        Assert.Equal(202, answer.Status);
        Assert.Equal($"/api/v1/jobs/{job.Id}", answer.Location?.ToString());
        Assert.Equal((JobStates.Succeeded, "Ann", target.Name), (job.Outcome, job.User, Assert.Single(job.Containers)));
        Assert.Equal([AuditPhases.Outcome, AuditPhases.Intent], records.Select(record => record.Phase));
        Assert.All(
            records,
            record =>
                Assert.Equal(
                    ("Ann", "ann", Roles.Operator, target.Id, "127.0.0.1"),
                    (record.User, record.Subject, record.Role, record.ContainerId, record.Source)
                )
        );
        Assert.True(records[0].DurationMs >= 0);
        Assert.Equal(records[1].Hash, records[0].PreviousHash);
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Restart_TokenProvesNothing_Is401AndRecordedAsUnknown(string what, string token)
    {
        var target = await OpenAsync();

        var answer = await _collector.PostAsync($"/api/v1/containers/{target.Id}/restart", Token, token: token);
        var record = (await _collector.AuditAsync(Token))[0];

        Assert.True(answer.Status == 401, what);
        Assert.Equal(
            (AuditPhases.Refusal, "unknown", RefusalCodes.Token, target.Id),
            (record.Phase, record.User, record.Outcome, record.Container)
        );
        Assert.Equal(
            token.Contains('.') && what != "garbage",
            record.Reason!.Contains("claims to be from 'Mallory' but is not valid", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Restart_RoleIsNone_Is403AndRecordedUnderTheProvenName()
    {
        var answer = await _collector.PostAsync("/api/v1/apps/anything/restart", Token, role: "visitor", user: "Vera");

        Assert.Equal(403, answer.Status);
        Assert.Contains(
            await _collector.AuditAsync(Token, "&user=Vera"),
            record => record is { Phase: AuditPhases.Refusal, Outcome: RefusalCodes.Role, App: "anything" }
        );
    }

    [Fact]
    public async Task Pull_OnTheDemoEngine_SaysThatNothingNewerIsThere()
    {
        var target = await OpenAsync();

        var (job, lines) = await _collector.EndOfAsync(
            (await _collector.PostAsync($"/api/v1/containers/{target.Id}/pull", Token)).Job,
            Token
        );

        Assert.Equal((JobStates.Succeeded, $"{target.Image} is the newest image, and {target.Name} runs it."), (job.Outcome, job.Message));
        Assert.Equal($"Status: Image is up to date for {target.Image}", lines[^1].Text);
    }

    [Fact]
    public async Task Refusals_OfAFlood_AreCountedAndNotAllRecorded()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(401, (await _collector.PostAsync("/api/v1/apps/anything/restart", Token, token: "x.y.z")).Status);
        }

        Assert.InRange((await _collector.AuditAsync(Token)).Count, 1, 65);
    }

    [Fact]
    public async Task Token_UsedTwice_ActsOnce()
    {
        var target = await OpenAsync();
        var token = CollectorHost.ActingToken(new Uri(_collector.Address, $"/api/v1/containers/{target.Id}/restart"));

        var first = await _collector.PostAsync($"/api/v1/containers/{target.Id}/restart", Token, token: token);
        var second = await _collector.PostAsync($"/api/v1/containers/{target.Id}/restart", Token, token: token);

        Assert.Equal((202, 401), (first.Status, second.Status));
        Assert.Contains("was already used", second.Body, StringComparison.Ordinal);
        Assert.Contains(
            await _collector.AuditAsync(Token, "&phase=refusal"),
            record => record is { User: "Tester", Outcome: RefusalCodes.Token } && record.Container == target.Id
        );
    }

    [Fact]
    public async Task Viewer_OnEveryRoute_Is403WithTheReasonAndRecorded()
    {
        var target = await OpenAsync();
        var app = Uri.EscapeDataString(
            (await _collector.FleetAsync(Token)).Apps.First(one => one.Containers.Any(container => container.Id == target.Id)).Name
        );
        foreach (
            var route in ActionNames.WithFixedRoutes.SelectMany(action =>
                new[]
                {
                    $"/api/v1/containers/{target.Id}/{action}",
                    $"/api/v1/apps/{app}/{action}",
                    $"/api/v1/containers/{target.Id}/actions/{action}",
                    $"/api/v1/apps/{app}/actions/{action}",
                }
            )
        )
        {
            var answer = await _collector.PostAsync(route, Token, role: Roles.Viewer, user: "Vic");

            Assert.True(answer.Status == 403, route);
            Assert.Contains("needs the role operator", answer.Body, StringComparison.Ordinal);
        }

        var records = await _collector.AuditAsync(Token, "&user=Vic");
        Assert.Equal(16, records.Count);
        Assert.All(
            records,
            record => Assert.Equal((AuditPhases.Refusal, RefusalCodes.Role, Roles.Viewer), (record.Phase, record.Outcome, record.Role))
        );
    }

    [Fact]
    public async Task Key_SentTwice_IsOneJobAlsoWhenThatIsOver()
    {
        var target = await OpenAsync();
        var route = $"/api/v1/containers/{target.Id}/restart";

        var both = await Task.WhenAll(
            _collector.PostAsync(route, Token, key: "click-1"),
            _collector.PostAsync(route, Token, key: "click-1")
        );
        var (done, _) = await _collector.EndOfAsync(both[0].Job, Token);
        var again = await _collector.PostAsync(route, Token, key: "click-1");
        var elsewhere = await _collector.PostAsync($"/api/v1/containers/{target.Id}/pull", Token, key: "click-1");
        var another = await _collector.PostAsync(route, Token, key: "click-1", user: "Bob");

        Assert.Equal(both[0].Job.Id, both[1].Job.Id);
        Assert.Equal((200, done.Id, JobStates.Succeeded), (again.Status, again.Job.Id, again.Job.Outcome));
        Assert.Equal(422, elsewhere.Status);
        Assert.Contains("was used for another request", elsewhere.Body, StringComparison.Ordinal);
        Assert.NotEqual(done.Id, another.Job.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two parts")]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    )]
    public async Task Key_OfTheWrongForm_Is400(string key)
    {
        var answer = await _collector.PostAsync($"/api/v1/containers/{(await OpenAsync()).Id}/restart", Token, key: key);

        Assert.Equal(400, answer.Status);
        Assert.Contains("1 to 128 visible ASCII", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_TooMany_Are429WithTheTimeToWait()
    {
        await using var strict = await CollectorHost.StartAsync(_engine.Endpoint, Token, "--Actions:RequestsPerMinute=2");
        await strict.UntilAsync(fleet => fleet.Apps.Length > 0, Token);

        Answer[] answers = [await Ask(), await Ask(), await Ask()];

        Assert.Equal([404, 404, 429], answers.Select(answer => answer.Status));
        Assert.InRange(answers[2].RetryAfter!.Value.TotalSeconds, 1, 60);

        Task<Answer> Ask() => strict.PostAsync("/api/v1/apps/nothing/restart", Token);
    }

    [Fact]
    public async Task Switch_Off_LeavesNoRouteThatActs()
    {
        await using var off = await CollectorHost.StartAsync(_engine.Endpoint, Token, "--Actions:Enabled=false");
        var fleet = await off.UntilAsync(one => one.Apps.Length > 0, Token);
        var target = fleet.Apps[0].Containers[0];
        foreach (
            var route in ActionNames
                .WithFixedRoutes.SelectMany(action =>
                    new[]
                    {
                        $"/api/v1/containers/{target.Id}/{action}",
                        $"/api/v1/apps/{fleet.Apps[0].Name}/{action}",
                        $"/api/v1/containers/{target.Id}/actions/{action}",
                        $"/api/v1/apps/{fleet.Apps[0].Name}/actions/{action}",
                    }
                )
                .Append($"/api/v1/jobs/{new string('0', 32)}/cancel")
        )
        {
            Assert.True((await off.PostAsync(route, Token)).Status is 404 or 405, route);
        }

        Assert.All(fleet.Apps.SelectMany(app => app.Containers), container => Assert.Empty(container.Actions));
        Assert.Contains(fleet.Apps.SelectMany(app => app.Containers), container => container.Protected);
    }

    [Fact]
    public async Task Snapshot_HasTheActionsThatTheGuardAllows()
    {
        var containers = (await _collector.FleetAsync(Token)).Apps.SelectMany(app => app.Containers).ToList();

        Assert.All(containers.Where(container => container.Database is not null), container => Assert.Empty(container.Actions));
        Assert.Contains(containers, container => container.Actions.SequenceEqual([ActionNames.Restart, ActionNames.Pull]));
        Assert.All(containers.Where(container => container.Protected), container => Assert.Empty(container.Refusals));
    }

    [Fact]
    public async Task App_WithADatabase_RestartsTheRestAndNamesWhatItLeavesOut()
    {
        var fleet = await _collector.FleetAsync(Token);
        var app = fleet.Apps.First(one =>
            one.Containers.Any(container => container.Protected)
            && one.Containers.Count(container => container.Actions.Contains("restart")) > 1
        );

        var answer = await _collector.PostAsync($"/api/v1/apps/{Uri.EscapeDataString(app.Name)}/restart", Token);
        var (job, _) = await _collector.EndOfAsync(answer.Job, Token);
        var records = await _collector.AuditAsync(Token, $"&job={job.Id}");

        Assert.Equal(
            app.Containers.Where(container => container.Actions.Contains("restart"))
                .OrderBy(container => container.Order)
                .Select(container => container.Name),
            job.Containers
        );
        Assert.All(
            app.Containers.Where(container => container.Protected),
            container => Assert.Contains(job.LeftOut, one => one.Container == container.Name && one.Code == RefusalCodes.Database)
        );
        Assert.Equal(job.LeftOut.Length, records.Count(record => record.Phase == AuditPhases.Refusal));
        Assert.Equal(job.Containers.Length, records.Count(record => record.Phase == AuditPhases.Outcome));
    }

    [Fact]
    public async Task Start_NothingIsLeftBehind_TheEngineAloneIsWaitedFor()
    {
        await using var alone = await CollectorHost.StartAsync(new Uri("unix:///there-is-no-engine.sock"), Token);

        var first = await alone.PostAsync("/api/v1/apps/other/restart", Token);

        Assert.Equal(503, first.Status);
        Assert.Contains("has not read the engine yet", first.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_Export_IsTheWholeTrailOldestFirst()
    {
        await _collector.PostAsync("/api/v1/apps/=cmd/restart", Token);
        await _collector.PostAsync("/api/v1/apps/other/restart", Token);
        _collector.Http.DefaultRequestHeaders.Authorization = new("Bearer", CollectorHost.Token());

        var lines = (await _collector.Http.GetStringAsync(new Uri($"{CollectorRoutes.AuditExport}?format=jsonl", UriKind.Relative), Token))
            .TrimEnd()
            .Split('\n');
        var csv = await _collector.Http.GetStringAsync(
            new Uri($"{CollectorRoutes.AuditExport}?format=csv&app=%3Dcmd", UriKind.Relative),
            Token
        );
        var mistake = await _collector.Http.GetAsync(new Uri($"{CollectorRoutes.Audit}?usr=ann", UriKind.Relative), Token);

        Assert.Equal(["=cmd", "other"], lines.Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.AuditRecord)!.App));
        Assert.Contains(",\"'=cmd\",", csv, StringComparison.Ordinal);
        Assert.Equal(2, csv.TrimEnd().Split("\r\n").Length);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, mistake.StatusCode);
    }

    [Fact]
    public async Task Metrics_CountWhatWasDoneAndWhatWasNot()
    {
        var (job, _) = await _collector.EndOfAsync(
            (await _collector.PostAsync($"/api/v1/containers/{(await OpenAsync()).Id}/restart", Token)).Job,
            Token
        );
        await _collector.PostAsync("/api/v1/apps/nothing/pull", Token);

        var text = await _collector.Http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), Token);

        Assert.Equal(JobStates.Succeeded, job.Outcome);
        Assert.Matches("fleet_actions_total\\{[^}]*action=\"restart\",outcome=\"succeeded\"\\} 1", text);
        Assert.Matches("fleet_actions_total\\{[^}]*action=\"pull\",outcome=\"refused\"\\} 1", text);
        Assert.Matches("fleet_job_duration_seconds_count\\{[^}]*action=\"restart\",outcome=\"succeeded\"\\} 1", text);
    }

    [Fact]
    public async Task Job_OfAnEarlierRun_IsToldFromTheTrail()
    {
        var data = Directory.CreateTempSubdirectory("fleet-collector-");
        Job job;
        await using (var before = await CollectorHost.StartAsync(_engine.Endpoint, Token, $"--Data:Path={data}"))
        {
            await before.UntilAsync(fleet => fleet.Apps.Length > 0, Token);
            (job, _) = await before.EndOfAsync(
                (await before.PostAsync($"/api/v1/containers/{(await OpenAsync()).Id}/restart", Token, user: "Ann")).Job,
                Token
            );
        }

        await using (var after = await CollectorHost.StartAsync(_engine.Endpoint, Token, $"--Data:Path={data}"))
        {
            var told = await after.JobAsync(job.Id, Token);
            Assert.Equal(
                (job.Outcome, job.User, job.Message, job.Containers.Single()),
                (told.Outcome, told.User, told.Message, told.Containers.Single())
            );
        }

        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Trail_ThatCannotBeWritten_RefusesActionsAndTheSnapshotSaysSo()
    {
        var data = Directory.CreateTempSubdirectory("fleet-collector-");
        var blocked = Path.Combine(data.FullName, "here");
        await File.WriteAllTextAsync(blocked, "no folder", Token);
        await using (
            var broken = await CollectorHost.StartAsync(
                _engine.Endpoint,
                Token,
                $"--Data:Path={blocked}",
                "--Audit:CheckInterval=00:00:00.2",
                "--Sampling:Interval=00:00:01"
            )
        )
        {
            var fleet = await broken.UntilAsync(
                one =>
                    one.Apps.Length > 0
                    && one.Warnings.Any(warning => warning.Contains("audit trail cannot be written", StringComparison.Ordinal)),
                Token
            );
            var target = fleet.Apps.SelectMany(app => app.Containers).First(container => container.Actions.Contains("restart"));
            var refused = await broken.PostAsync($"/api/v1/containers/{target.Id}/restart", Token);
            File.Delete(blocked);
            await broken.UntilAsync(one => one.Warnings.IsEmpty, Token);
            var accepted = await Eventually.GetAsync(
                _ => broken.PostAsync($"/api/v1/containers/{target.Id}/restart", Token),
                answer => answer.Status != 503
            );

            Assert.Equal(503, refused.Status);
            Assert.Equal(202, accepted.Status);
            await broken.EndOfAsync(accepted.Job, Token);
        }

        data.Delete(recursive: true);
    }

    private async Task<ContainerSnapshot> OpenAsync() =>
        (await _collector.FleetAsync(Token))
            .Apps.SelectMany(app => app.Containers)
            .First(container =>
                container.State == "running" && container.Color == HealthColor.Green && container.Actions.Contains("restart")
            );

    private static string Unsigned()
    {
        var parts = CollectorHost.Token(role: Roles.Operator, user: "Mallory").Split('.');
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
    }
}
