using System.Net;
using System.Text.RegularExpressions;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>An invalid setting ends the program with a message that names it.</summary>
[Collection(nameof(StartupTests))]
public sealed partial class StartupTests : IDisposable
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"fleet-start-{Guid.NewGuid():N}");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    [Theory]
    [InlineData("Collectors:SharedSecret", "too short", "Collectors:SharedSecret (FLEET_SHARED_SECRET) has 9 bytes")]
    [InlineData("Collectors:Hosts:0:Url", "gopher://x", "Collectors:Hosts:0:Url must be")]
    [InlineData("Accounts:AdminPassword", "short", "Accounts:AdminPassword (FLEET_ADMIN_PASSWORD) has fewer than 10 characters.")]
    [InlineData("Accounts:RevalidateEvery", "00:10:00", "Accounts:RevalidateEvery must be between")]
    [InlineData("Auth:Oidc:ClientId", "fleet", "Auth:Oidc:Authority must be the provider's https address")]
    [InlineData("Auth:Oidc:Authority", "http://id.example", "Auth:Oidc:Authority is plain http.")]
    [InlineData("Auth:Oidc:Authority", "https://id.example", "Auth:Oidc:ClientId is missing")]
    [InlineData("Auth:Oidc:RoleMap:operator", "admins", "Auth:Oidc:RoleClaim is missing")]
    [InlineData("Auth:Oidc:RoleMap:boss", "admins", "Auth:Oidc:RoleMap:boss is not a role")]
    [InlineData("Auth:Oidc:DefaultRole", "boss", "Auth:Oidc:DefaultRole must be viewer, operator or empty.")]
    [InlineData("Auth:Oidc:RoleClaim", "groups", "Auth:Oidc:RoleMap and Auth:Oidc:DefaultRole are both empty")]
    [InlineData("Auth:Oidc:SessionLifetime", "00:00:01", "Auth:Oidc:SessionLifetime must be between")]
    public async Task Start_WrongSetting_RefusesAndNamesIt(string key, string value, string expected)
    {
        var (code, error) = await RunAsync(
            new Dictionary<string, string>
            {
                ["Collectors:SharedSecret"] = FakeCollector.Secret,
                ["Collectors:Hosts:0:Url"] = "http://127.0.0.1:1",
                ["Accounts:AdminPassword"] = WebApp.Password,
                ["Data:Path"] = _data,
                ["urls"] = "http://127.0.0.1:0",
                ["Logging:LogLevel:Default"] = "None",
                [key] = value,
            }
        );

        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoPasswordSet_PrintsAWorkingOne()
    {
        var (before, output) = (Console.Out, new StringWriter());
        Console.SetOut(TextWriter.Synchronized(output));
        try
        {
            await using var app = WebApp.Start(new Uri("http://127.0.0.1:1"), [new("Accounts:AdminPassword", "")]);
            var password = FirstOperatorLine().Match(output.ToString()).Groups[1].Value;
            using var visitor = new Browserless(app);

            Assert.True(password.Length >= AccountsOptions.MinPasswordLength);
            Assert.Equal(
                HttpStatusCode.Redirect,
                (await visitor.SignInAsync(WebApp.Admin, password, TestContext.Current.CancellationToken)).StatusCode
            );
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    [Fact]
    public async Task Accounts_Migrations_MatchTheModel()
    {
        await using var app = WebApp.Start(new Uri("http://127.0.0.1:1"));
        await using var scope = app.Services.CreateAsyncScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<AccountsDb>().Database.HasPendingModelChanges());
    }

    [GeneratedRegex("First operator: admin, password: (.+)")]
    private static partial Regex FirstOperatorLine();

    private static async Task<(int Code, string Error)> RunAsync(Dictionary<string, string> settings)
    {
        var main = typeof(FirstOperator).Assembly.EntryPoint!;
        var arguments = settings.Select(setting => $"--{setting.Key}={setting.Value}").ToArray();
        var (before, error) = (Console.Error, new StringWriter());
        Console.SetError(error);
        try
        {
            return (
                await Task.Run(() => (int)main.Invoke(null, [arguments])!)
                    .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken),
                error.ToString()
            );
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
