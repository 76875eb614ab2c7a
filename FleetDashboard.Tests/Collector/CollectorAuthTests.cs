using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FleetDashboard.Collector;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>The Collector answers only requests with a token that Web has just signed.</summary>
public sealed class CollectorAuthTests : IAsyncLifetime
{
    private static readonly Uri NoEngine = new("unix:///nowhere/docker.sock");
    private CollectorHost _collector = null!;

    // Created when needed: in a long run, a token that is not valid yet would become valid.
    private static readonly Dictionary<string, Func<string>> Tokens = new()
    {
        ["none"] = () => "",
        ["garbage"] = () => "not.a.token",
        ["another secret"] = () => CollectorHost.Token(secret: "another-secret-of-enough-bytes-0123456789"),
        ["another issuer"] = () => CollectorHost.Token(issuer: "somebody"),
        ["another audience"] = () => CollectorHost.Token(audience: "somebody"),
        ["another role"] = () => CollectorHost.Token(role: "visitor"),
        ["another algorithm"] = () =>
            CollectorHost.Token(
                algorithm: SecurityAlgorithms.HmacSha512,
                secret: CollectorHost.Secret + "0123456789012345678901234567890123456789"
            ),
        ["expired"] = () => CollectorHost.Token(age: TimeSpan.FromMinutes(5)),
        ["not yet valid"] = () => CollectorHost.Token(age: TimeSpan.FromMinutes(-5)),
        ["too long a life"] = () => CollectorHost.Token(life: TimeSpan.FromMinutes(10)),
        ["unsigned"] = Unsigned,
    };

    public static TheoryData<string> BadTokens => [.. Tokens.Keys];

    public async ValueTask InitializeAsync() =>
        _collector = await CollectorHost.StartAsync(NoEngine, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Fleet_WithABadToken_IsRefusedWithTheReason(string what)
    {
        var (status, type, body) = await GetAsync(CollectorRoutes.Fleet, Tokens[what]());

        Assert.True(
            status is HttpStatusCode.Unauthorized || (what == "another role" && status == HttpStatusCode.Forbidden),
            $"{what}: {status}"
        );
        Assert.Equal("application/problem+json", type);
        Assert.Contains(status == HttpStatusCode.Forbidden ? "role" : "signed with the shared secret", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CollectorRoutes.Fleet)]
    [InlineData(CollectorRoutes.FleetStream)]
    [InlineData("/api/v1/apps/billing")]
    [InlineData("/api/v1/containers/0123456789ab")]
    [InlineData(CollectorRoutes.OpenApi)]
    [InlineData("/api/v1/anything")]
    [InlineData("/")]
    public async Task Route_WithoutToken_Answers401(string route)
    {
        var (status, _, _) = await GetAsync(route, "");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Theory]
    [InlineData(CollectorRoutes.Alive)]
    [InlineData(CollectorRoutes.Health)]
    [InlineData(CollectorRoutes.Metrics)]
    [InlineData(CollectorRoutes.CadvisorMetrics)]
    public async Task Route_ForProbesAndScrapers_NeedsNoToken(string route)
    {
        var (status, _, _) = await GetAsync(route, "");

        Assert.NotEqual(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task Fleet_SignedWithThePreviousSecret_IsAnsweredWhileBothAreValid()
    {
        const string older = "the-secret-of-yesterday-0123456789-abcdef";
        await using var rotating = await CollectorHost.StartAsync(
            NoEngine,
            TestContext.Current.CancellationToken,
            $"--Auth:PreviousSharedSecret={older}"
        );
        foreach (var secret in new[] { CollectorHost.Secret, older })
        {
            var (status, _, _) = await GetAsync(CollectorRoutes.OpenApi, CollectorHost.Token(secret), rotating.Address);
            Assert.Equal(HttpStatusCode.OK, status);
        }
    }

    [Fact]
    public async Task Metrics_TokenWhenSet_IsRequired()
    {
        await using var guarded = await CollectorHost.StartAsync(
            NoEngine,
            TestContext.Current.CancellationToken,
            "--Metrics:Token=scrape-me"
        );

        var (without, _, help) = await GetAsync(CollectorRoutes.Metrics, "", guarded.Address);
        var (wrong, _, _) = await GetAsync(CollectorRoutes.Metrics, "scrape-you", guarded.Address);
        var (with, _, text) = await GetAsync(CollectorRoutes.Metrics, "scrape-me", guarded.Address);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (without, wrong, with));
        Assert.Contains("metrics token", help, StringComparison.Ordinal);
        Assert.Contains("fleet_engine_calls", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CollectorRoutes.Metrics)]
    [InlineData(CollectorRoutes.CadvisorMetrics)]
    public async Task Metrics_AtANameOfAnotherSite_AreRefusedWithoutAToken(string route)
    {
        using var http = new HttpClient { BaseAddress = _collector.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, route) { Headers = { Host = "rebound.evil.example" } };

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(
            "list 'rebound.evil.example' in AllowedHosts",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "Auth:SharedSecret is missing")]
    [InlineData("too-short", "Auth:SharedSecret has 9 bytes but needs at least 32")]
    public void Start_SecretIsMissingOrShort_IsRefusedAndTheSettingNamed(string secret, string sentence)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => CollectorApp.Build([$"--Auth:SharedSecret={secret}"]));

        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Engine:Endpoint=ssh://somewhere", "Engine:Endpoint (DOCKER_HOST)")]
    [InlineData("--Engine:Deadline=1.00:00:00", "Engine:Deadline")]
    [InlineData("--Engine:ReconcileInterval=00:00:00", "Engine:ReconcileInterval")]
    [InlineData("--Sampling:Interval=00:00:00", "Sampling:Interval")]
    [InlineData("--Metrics:Labels=com.*.project", "Metrics:Labels")]
    [InlineData("--Auth:Audience=http://collector:8080", "Auth:Audience")]
    public void Start_SettingIsAbsurd_IsRefusedAndTheSettingNamed(string argument, string setting)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() =>
            CollectorApp.Build([$"--Auth:SharedSecret={CollectorHost.Secret}", argument])
        );

        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string? Type, string Body)> GetAsync(string route, string token, Uri? address = null)
    {
        using var http = new HttpClient { BaseAddress = address ?? _collector.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, route);
        request.Headers.Authorization = token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    private static string Unsigned()
    {
        var parts = CollectorHost.Token().Split('.');
        return $"{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes("""{"alg":"none","typ":"JWT"}"""))}.{parts[1]}.";
    }
}
