using System.Net;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Oidc;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Oidc;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Provider responses that differ from the specification, and the role they give.</summary>
public sealed class ProviderAnswersTests : IAsyncLifetime
{
    private FakeProvider _provider = default!;
    private FakeCollector _collector = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> BrokenUserInfo => ["401", "403", "500", "html", "empty", "array", "text", "garbled", "large"];

    public async ValueTask InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"email":"ann@example.org"}""", null, false, null)]
    [InlineData("""{"email":"ann@example.org","email_verified":true}""", null, false, Roles.Operator)]
    [InlineData("""{"email":"Ann@Example.org","email_verified":"true"}""", null, false, Roles.Operator)]
    [InlineData("""{"email":"ann@example.org","email_verified":false}""", null, false, null)]
    [InlineData("""{"email":"ann@example.org","email_verified":"yes"}""", null, false, null)]
    [InlineData("""{"email":"ann@example.org","email_verified":1}""", null, false, null)]
    [InlineData("""{"email":"ann@example.org","email_verified":null}""", null, false, null)]
    [InlineData("""{"email":["ann@example.org"],"email_verified":[true]}""", null, false, null)]
    [InlineData("""{"email":"bob@example.org","email_verified":true}""", """{"email":"ann@example.org"}""", false, null)]
    [InlineData("""{"email":"ann@example.org","email_verified":false}""", """{"email":"ann@example.org"}""", false, null)]
    [InlineData("""{"email_verified":true}""", """{"email":"ann@example.org"}""", false, null)]
    [InlineData("""{"email":"ann@example.org"}""", """{"email_verified":true}""", false, null)]
    [InlineData("""{"email":"bob@example.org"}""", """{"email":"ann@example.org","email_verified":true}""", false, Roles.Operator)]
    [InlineData("""{"email":"ann@example.org"}""", null, true, Roles.Operator)]
    [InlineData("""{"email":"ann@example.org","email_verified":false}""", null, true, Roles.Operator)]
    public void Email_WithoutEmailVerified_GivesNoRole(string idToken, string? userInfo, bool trusted, string? role) =>
        Assert.Equal(role, RoleOf(new OidcOptions { RoleClaim = "email", TrustEmail = trusted }, "ann@example.org", idToken, userInfo));

    [Theory]
    [InlineData("""{"profile":{"email":"ann@example.org","email_verified":true}}""", Roles.Operator)]
    [InlineData("""{"email_verified":true,"profile":{"email":"ann@example.org"}}""", null)]
    public void Email_InANestedObject_UsesItsOwnEmailVerified(string idToken, string? role) =>
        Assert.Equal(role, RoleOf(new OidcOptions { RoleClaim = "profile.email" }, "ann@example.org", idToken, null));

    [Theory]
    [InlineData("""{"groups":"[\"operators\"]"}""", "groups", false, null)]
    [InlineData("""{"groups":"[\"operators\"]"}""", "groups", true, Roles.Operator)]
    [InlineData("""{"realm":"{\"roles\":[\"operators\"]}"}""", "realm.roles", false, null)]
    [InlineData("""{"realm":"{\"roles\":[\"operators\"]}"}""", "realm.roles", true, Roles.Operator)]
    [InlineData("""{"groups":["[\"operators\"]"]}""", "groups", true, null)]
    [InlineData("""{"groups":["operators"]}""", "groups", false, Roles.Operator)]
    public void JsonInText_IsParsedOnlyIfConfigured(string document, string claim, bool isJson, string? role) =>
        Assert.Equal(role, RoleOf(new OidcOptions { RoleClaim = claim, RoleClaimIsJson = isJson }, "operators", document, null));

    [Theory]
    [MemberData(nameof(BrokenUserInfo))]
    public async Task UserInfo_Fails_IdTokenIsEnoughOrTheMessageNamesIt(string how)
    {
        _provider.UserInfo = () =>
            how switch
            {
                "html" => Results.Content("<html>sign in first</html>", "text/html"),
                "empty" => Results.Content("", "application/json"),
                "array" => Results.Content("[]", "application/json"),
                "text" => Results.Content("\"uma\"", "application/json"),
                "garbled" => Results.Content("{", "application/json"),
                "large" => Results.Content(
                    $$"""{"sub":"uma-1","groups":["operators"],"x":"{{new string('x', 300_000)}}"}""",
                    "application/json"
                ),
                var status => Results.StatusCode(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)),
            };
        _provider.Claims["groups"] = new[] { "operators" };
        await using var app = App(("RoleClaim", "groups"), ("RoleMap:operator", "operators"));

        Assert.Equal("/ports", (await SignInAsync(app)).At);

        _provider.Claims.Remove("groups");
        var (at, page) = await SignInAsync(app);
        Assert.StartsWith(AccountRoutes.SignInFailed, at, StringComparison.Ordinal);
        Assert.Contains("userinfo endpoint failed", page, StringComparison.Ordinal);
        Assert.Contains("The provider's userinfo endpoint failed", app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserInfo_Succeeds_GivesTheRole()
    {
        _provider.UserInfo = () => Results.Json(new { sub = "uma-1", groups = new[] { "operators" } });
        await using var app = App(("RoleClaim", "groups"), ("RoleMap:operator", "operators"));

        Assert.Equal("/ports", (await SignInAsync(app)).At);
    }

    [Fact]
    public async Task UserInfo_OfAnotherUser_IsNotTrusted()
    {
        _provider.UserInfo = () => Results.Json(new { sub = "somebody-else", groups = new[] { "operators" } });
        await using var app = App(("RoleClaim", "groups"), ("RoleMap:operator", "operators"));

        Assert.EndsWith("reason=untrusted", (await SignInAsync(app)).At, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_secret_basic", "basic", "auto", "basic")]
    [InlineData("client_secret_post", "post", "auto", "post")]
    [InlineData("client_secret_basic,client_secret_post", "post", "auto", "post")]
    [InlineData("private_key_jwt,client_secret_basic", "basic", "auto", "basic")]
    [InlineData(null, "basic", "auto", "basic")]
    [InlineData(null, "post", "post", "post")]
    [InlineData("client_secret_post", "basic", "basic", "basic")]
    public async Task TokenRequest_UsesAMethodThatTheProviderOffers(string? offered, string takes, string setting, string used)
    {
        (_provider.AuthenticationMethods, _provider.Takes) = (offered?.Split(','), takes);
        await using var app = App(("DefaultRole", Roles.Viewer), ("ClientAuthentication", setting));

        Assert.Equal("/ports", (await SignInAsync(app)).At);
        Assert.Equal(used, _provider.LastAuthentication);
    }

    [Fact]
    public void TokenRequest_NoSupportedMethodOffered_UsesTheForm()
    {
        var description = new OpenIdConnectConfiguration();
        description.TokenEndpointAuthMethodsSupported.Add("private_key_jwt");

        Assert.False(ClientAuthentication.UsesHeader(OidcOptions.AutoAuthentication, description));
    }

    [Theory]
    [InlineData("ad\u202Enim\r\nFAKE line", "ad\uFFFDnim\uFFFD\uFFFDFAKE line")]
    [InlineData("zero\u200Bwidth\u2066", "zero\uFFFDwidth\uFFFD")]
    public async Task Name_WithInvisibleCharacters_ShowsThem(string name, string shown)
    {
        _provider.Claims["preferred_username"] = name;
        await using var app = App(("DefaultRole", Roles.Viewer));

        var (at, page) = await SignInAsync(app);

        Assert.Equal("/ports", at);
        Assert.Contains(shown, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("\nFAKE line", app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_TooLong_IsTruncated()
    {
        _provider.Claims["preferred_username"] = new string('n', 5000);
        await using var app = App(("DefaultRole", Roles.Viewer));

        Assert.Contains(new string('n', 127) + "…", WebUtility.HtmlDecode((await SignInAsync(app)).Page), StringComparison.Ordinal);
        Assert.DoesNotContain(new string('n', 128), app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subject_TooLong_IsRejected()
    {
        _provider.Claims["sub"] = new string('s', 256);
        await using var app = App(("DefaultRole", Roles.Viewer));

        Assert.EndsWith("reason=untrusted", (await SignInAsync(app)).At, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_TooLarge_IsNotRead()
    {
        _provider.Padding = new string('x', 300_000);
        await using var app = App(("DefaultRole", Roles.Viewer));

        Assert.Contains("reason=unreachable", (await SignInAsync(app)).At, StringComparison.Ordinal);
    }

    private static string? RoleOf(OidcOptions options, string value, params IEnumerable<string?> documents)
    {
        options.RoleMap = new Dictionary<string, IReadOnlySet<string>> { [Roles.Operator] = new HashSet<string> { value } };
        return new RoleMapping(Microsoft.Extensions.Options.Options.Create(options)).RoleOf([
            .. documents.OfType<string>().Select(text => System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text)),
        ]);
    }

    private WebApp App(params (string Key, string? Value)[] settings) => WebApp.Start(_collector.Url, _provider.Settings(settings));

    /// <summary>The page on which a browser that follows every redirect ends up, and its content.</summary>
    private static async Task<(string At, string Page)> SignInAsync(WebApp app)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() });
        using var answer = await http.GetAsync(new Uri(app.Url, "/ports"), Cancelled);
        return (answer.RequestMessage!.RequestUri!.PathAndQuery, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancelled)));
    }
}
