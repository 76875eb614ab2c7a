using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A real registry, Debian's <c>docker-registry</c>, on loopback beside the engine, with its own storage and an optional password.
/// </summary>
internal sealed class Registry : IAsyncDisposable
{
    public const string User = "puller",
        Password = "pull-me-9";

    // bcrypt of the password above, the only format that the registry accepts.
    private const string PasswordFile = "puller:$2b$05$abcdefghijklmnopqrstuuwR92lcNMaDsVV4yrotcNNYPnSJF5Bny\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-registry-");
    private Process? _process;

    private Registry() { }

    /// <summary>Why it cannot run here. Null if it can, or must because this is CI.</summary>
    public static string? WhySkipped { get; } =
        EngineFixture.WhySkipped
        ?? (
            Environment.GetEnvironmentVariable("CI") == "true"
            || (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Append("/usr/bin")
                .Any(folder => File.Exists(Path.Combine(folder, "docker-registry")))
                ? null
                : "Needs Debian's docker-registry: run ./test.sh"
        );

    public string Address { get; private set; } = "";

    /// <summary>A folder with a <c>config.json</c> that contains the right login, or the given one.</summary>
    public string Config(string password = Password)
    {
        var login = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{User}:{password}"));
        var file = Path.Combine(_folder.FullName, $"config-{Guid.NewGuid():N}.json");
        File.WriteAllText(file, "{\"auths\":{\"" + Address + "\":{\"auth\":\"" + login + "\"}}}");
        return file;
    }

    public static async Task<Registry> StartAsync(bool withPassword, CancellationToken cancellationToken)
    {
        var registry = new Registry();
        registry.Address = $"127.0.0.1:{UnusedPort.Find()}";

        var folder = registry._folder.FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "passwords"), PasswordFile, cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config.yml"),
            $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {folder}/store
            http:
              addr: {registry.Address}
            {(withPassword ? $"auth:\n  htpasswd:\n    realm: fleet\n    path: {folder}/passwords" : "")}
            """,
            cancellationToken
        );
        registry._process = Process.Start(
            new ProcessStartInfo("docker-registry", ["serve", Path.Combine(folder, "config.yml")])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        using var http = new HttpClient();
        await Eventually.GetAsync(
            async token =>
            {
                try
                {
                    return (int)(await http.GetAsync(new Uri($"http://{registry.Address}/v2/"), token)).StatusCode;
                }
                catch (HttpRequestException)
                {
                    return 0;
                }
            },
            status => status is 200 or 401
        );
        return registry;
    }

    /// <summary>Builds an image with unique content and pushes it. No tag of it stays on the host.</summary>
    public async Task PushAsync(DockerClient client, string image, string content, CancellationToken cancellationToken)
    {
        await ImportAsync(client, image, content, cancellationToken);
        var failure = "";
        await client.Images.PushImageAsync(
            $"{Address}/{image.Split(':')[0]}",
            new ImagePushParameters { Tag = image.Split(':')[1] },
            new AuthConfig
            {
                Username = User,
                Password = Password,
                ServerAddress = Address,
            },
            new ProgressCallback(message => failure += message.Error?.Message),
            cancellationToken
        );
        await client.Images.DeleteImageAsync($"{Address}/{image}", new ImageDeleteParameters { Force = true }, cancellationToken);
        Xunit.Assert.Equal("", failure);
    }

    /// <summary>Builds an image with the registry's name, only on the host.</summary>
    public async Task ImportAsync(DockerClient client, string image, string content, CancellationToken cancellationToken)
    {
        using var tar = BusyboxImage.Tar();
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters
            {
                FromSrc = "-",
                Repo = $"{Address}/{image.Split(':')[0]}",
                Tag = image.Split(':')[1],
                Changes = [$"LABEL fleet.content={content}", "CMD [\"sleep\",\"86400\"]"],
            },
            tar,
            null,
            new ProgressCallback(_ => { }),
            cancellationToken
        );
    }

    public Task StopAsync()
    {
        _process?.Kill();
        return _process?.WaitForExitAsync() ?? Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private sealed class ProgressCallback(Action<JSONMessage> take) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => take(value);
    }
}

/// <summary>A test with a real registry and a real engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RegistryFactAttribute : Xunit.FactAttribute
{
    public RegistryFactAttribute(
        [System.Runtime.CompilerServices.CallerFilePath] string? file = null,
        [System.Runtime.CompilerServices.CallerLineNumber] int line = -1
    )
        : base(file, line) => Skip = Registry.WhySkipped;
}
