using System.Net.Http.Headers;
using System.Text;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>The Collector records account changes: a fixed set of changes, bounded fields, and a token for this purpose only.</summary>
public sealed class AccountTrailTests : IAsyncLifetime
{
    private static readonly Uri NoEngine = new("unix:///nowhere/docker.sock");
    private CollectorHost _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Words => [.. AccountChanges.All];

    public async ValueTask InitializeAsync() =>
        _collector = await CollectorHost.StartAsync(NoEngine, Token, "--Actions:Enabled=false", "--Actions:RequestsPerMinute=1000");

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Change_OfAnOperator_IsInTheChain_AlsoWhereActionsAreOff(string change)
    {
        Assert.Equal(204, await PostAsync($$"""{"change":"{{change}}","user":"vera"}"""));

        var record = (await _collector.AuditAsync(Token))[0];
        Assert.Equal(
            (change, "Tester", Roles.Operator, AuditPhases.Outcome, JobStates.Succeeded, "The account vera."),
            (record.Action, record.User, record.Role, record.Phase, record.Outcome, record.Reason)
        );
        Assert.NotEmpty(record.Hash);
    }

    [Theory]
    [InlineData("""{"change":"made-root","user":"vera"}""", 400)]
    [InlineData("""{"change":"user-added","user":""}""", 400)]
    [InlineData("""{"change":"user-added"}""", 400)]
    [InlineData("""{"user":"vera"}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("user-added", 400)]
    [InlineData("null", 400)]
    [InlineData("", 400)]
    public async Task Change_OfAnUnknownKind_IsRefused(string body, int status)
    {
        Assert.Equal(status, await PostAsync(body));
        Assert.Empty(await _collector.AuditAsync(Token));
    }

    [Fact]
    public async Task Change_OfALongName_IsRefused() =>
        Assert.Equal(400, await PostAsync($$"""{"change":"user-added","user":"{{new string('x', AccountChange.MaxUser + 1)}}"}"""));

    [Theory]
    [InlineData(AccountChanges.PasswordChanged, "Tester", 204)]
    [InlineData(AccountChanges.SessionsEnded, "Tester", 204)]
    [InlineData(AccountChanges.PasswordChanged, "admin", 403)]
    [InlineData(AccountChanges.UserAdded, "Tester", 403)]
    [InlineData(AccountChanges.MadeOperator, "Tester", 403)]
    public async Task Change_OfAViewer_IsOnlyTheirOwn(string change, string user, int status) =>
        Assert.Equal(status, await PostAsync($$"""{"change":"{{change}}","user":"{{user}}"}""", Roles.Viewer));

    [Theory]
    [InlineData(Roles.Viewer)]
    [InlineData(Roles.Operator)]
    public async Task Change_WithATokenOfARead_IsRefusedAndRecorded(string role)
    {
        var body = $$"""{"change":"{{AccountChanges.PasswordChanged}}","user":"Tester"}""";

        Assert.Equal(403, await PostAsync(body, token: CollectorHost.Token(role: role)));
        Assert.Equal(
            (AuditPhases.Refusal, RefusalCodes.Token),
            ((await _collector.AuditAsync(Token))[0].Phase, (await _collector.AuditAsync(Token))[0].Outcome)
        );
    }

    [Fact]
    public async Task Change_IsInTheTrail_OfTheCollectorThatWebWatches()
    {
        await using var engine = await DemoEngineHost.StartAsync(5, Token);
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token);
        await using var app = WebApp.Start(collector.Address, [new("Collectors:SharedSecret", CollectorHost.Secret)]);
        await app.UntilAsync(view => view.IsCurrent, Token);
        using var admin = new Browserless(app);
        await admin.SignInAsync(WebApp.Admin, WebApp.Password, Token);
        var form = await admin.FormAsync("/users", Token);
        (form["_handler"], form["Name"], form["Role"]) = ("add", "mallory", Roles.Operator);

        await admin.PostAsync("/users", form, Token);

        var record = Assert.Single(await collector.AuditAsync(Token, $"&action={AccountChanges.UserAdded}"));
        Assert.Equal(
            (WebApp.Admin, Roles.Operator, "127.0.0.1", "The account mallory."),
            (record.User, record.Role, record.Source, record.Reason)
        );
        Assert.Contains(
            AccountChanges.UserAdded,
            await (await admin.GetAsync("/activity/export", Token)).Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );
    }

    private async Task<int> PostAsync(string body, string role = Roles.Operator, string? token = null)
    {
        var target = new Uri(_collector.Address, CollectorRoutes.AuditAccounts);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? CollectorHost.ActingToken(target, role: role));
        using var answer = await http.SendAsync(request, Token);
        return (int)answer.StatusCode;
    }
}
