using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>
/// A token acts only where it states its purpose: one method, one path, one Collector. Everything else is refused and recorded.
/// </summary>
public sealed class TokenPurposeTests : IAsyncLifetime
{
    private static readonly string[] ActingRoutes =
    [
        .. ActionNames.WithFixedRoutes.SelectMany(action =>
            new[] { $"/api/v1/containers/0123456789ab/{action}", $"/api/v1/apps/shop/{action}" }
        ),
        "/api/v1/containers/0123456789ab/actions/restart",
        "/api/v1/apps/shop/actions/restart",
        "/api/v1/jobs/0123456789abcdef0123456789abcdef/cancel",
    ];

    private DemoEngineHost _engine = null!;
    private CollectorHost _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes => [.. ActingRoutes];

    /// <summary>What is wrong with the token: the changed claim and its value.</summary>
    public static TheoryData<string, string> WrongPurposes =>
        new()
        {
            { CollectorToken.ScopeClaim, "" },
            { CollectorToken.ScopeClaim, "read" },
            { CollectorToken.ScopeClaim, "acts" },
            { CollectorToken.MethodClaim, "GET" },
            { CollectorToken.MethodClaim, "post" },
            { CollectorToken.PathClaim, "/api/v1/apps/shop/pull" },
            { CollectorToken.PathClaim, "/api/v1/apps/shop" },
            { CollectorToken.PathClaim, "/api/v1/apps/sho%70/restart" },
            { CollectorToken.PathClaim, "" },
            { "aud", "fleet-collector" },
            { "aud", "fleet-collector:" },
            { "aud", "fleet-collector:*" },
            { "aud", "fleet-collector:127.0.0.1:1" },
            { "aud", "fleet-collector:127.0.0.1" },
            { "aud", "fleet-collector:10.0.0.7:8080" },
            { "aud", "fleet-collector:collector:8080" },
        };

    public async ValueTask InitializeAsync()
    {
        _engine = await DemoEngineHost.StartAsync(20, Token);
        _collector = await CollectorHost.StartAsync(_engine.Endpoint, Token, "--Actions:RequestsPerMinute=1000");
        await _collector.UntilAsync(fleet => fleet.Apps.Length > 0, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Token_ForReading_CannotAct(string route)
    {
        // The plain form of the contract, even with the operator's role.
        var plain = await _collector.PostAsync(route, Token, token: CollectorHost.Token(role: Roles.Operator, user: "Olga"));
        var viewers = await _collector.PostAsync(route, Token, token: CollectorHost.Token(role: Roles.Viewer, user: "Vera"));

        Assert.Equal((403, 403), (plain.Status, viewers.Status is 404 ? 403 : viewers.Status));
        Assert.Contains("This token is read-only", plain.Body, StringComparison.Ordinal);
        Assert.Contains(
            await _collector.AuditAsync(Token, "&user=Olga"),
            record => record is { Phase: AuditPhases.Refusal, Outcome: RefusalCodes.Token }
        );
    }

    [Theory]
    [MemberData(nameof(WrongPurposes))]
    public async Task Token_ForAnotherPurpose_IsRefusedAndRecorded(string claim, string value)
    {
        const string path = "/api/v1/apps/shop/restart";
        var claims = CollectorHost.Acting("POST", path, CollectorToken.AudienceOf(_collector.Address));
        claims[claim] = claim == "aud" ? (string[])[CollectorToken.Audience, value] : value;

        var answer = await _collector.PostAsync(path, Token, token: CollectorHost.Token(role: Roles.Operator, user: "Olga", more: claims));

        Assert.Equal(403, answer.Status);
        Assert.Contains(
            await _collector.AuditAsync(Token, "&user=Olga"),
            record => record is { Outcome: RefusalCodes.Token, App: "shop", Action: ActionNames.Restart }
        );
    }

    [Fact]
    public async Task Token_OfOneCollector_IsRefusedByAnother_WhateverTheHostHeaderSays()
    {
        await using var other = await CollectorHost.StartAsync(_engine.Endpoint, Token);
        var fleet = await other.UntilAsync(fleet => fleet.Apps.Length > 0, Token);
        var path = $"/api/v1/apps/{Uri.EscapeDataString(fleet.Apps[0].Name)}/restart";
        var token = CollectorHost.ActingToken(new Uri(_collector.Address, path));

        using var replay = new HttpRequestMessage(HttpMethod.Post, new Uri(other.Address, path))
        {
            Headers = { Host = _collector.Address.Authority },
        };
        replay.Headers.Authorization = new("Bearer", token);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(replay, Token);

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Contains(
            $"for the Collector at '{_collector.Address.Authority}'",
            await answer.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );
        Assert.Contains(await other.AuditAsync(Token), record => record is { Phase: AuditPhases.Refusal, Outcome: RefusalCodes.Token });
    }

    [Theory]
    [InlineData("collector:8080", "collector:8080", true)]
    [InlineData("collector", "collector:8080", true)]
    [InlineData("nas.home, collector:8080", "NAS.home:5081", true)]
    [InlineData("[fd00::7]:5081", "[fd00::7]:5081", true)]
    [InlineData("collector:8080", "collector:8081", false)]
    [InlineData("collector:8080", "collector2:8080", false)]
    [InlineData("nas.home", "nas.home.evil.example:8080", false)]
    public async Task Audience_IsSet_AloneCounts(string configured, string named, bool acts)
    {
        await using var collector = await CollectorHost.StartAsync(_engine.Endpoint, Token, $"--Auth:Audience={configured}");
        await collector.UntilAsync(fleet => fleet.Apps.Length > 0, Token);
        const string path = "/api/v1/apps/nothing/restart";
        var there = CollectorHost.Token(
            role: Roles.Operator,
            more: CollectorHost.Acting("POST", path, CollectorToken.AudienceOf(new Uri($"http://{named}")))
        );

        Assert.Equal(acts ? 404 : 403, (await collector.PostAsync(path, Token, token: there)).Status);
        Assert.Equal(403, (await collector.PostAsync(path, Token)).Status); // its own IP address, which is not what was set
    }

    [Fact]
    public async Task Token_OfAnAppWithOddLetters_ActsOnItsOwnPath()
    {
        const string path = "/api/v1/apps/a%2Fb%20%C3%BC/restart";

        Assert.Equal(404, (await _collector.PostAsync(path, Token)).Status);
        Assert.Equal(
            403,
            (
                await _collector.PostAsync(
                    "/api/v1/apps/a%2Fb%20%c3%bc/restart",
                    Token,
                    token: CollectorHost.ActingToken(new Uri(_collector.Address, path))
                )
            ).Status
        );
    }
}
