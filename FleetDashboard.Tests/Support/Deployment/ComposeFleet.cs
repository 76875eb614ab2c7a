using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Support.Deployment;

/// <summary>
/// <c>deploy/compose.yaml</c> on the real engine, with images built from the Dockerfiles beside it. Started by the first test that needs
/// it, and removed with its volumes and images at the end.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class ComposeFleet(EngineFixture engine) : IAsyncDisposable
{
    public const string AdminPassword = "correct horse battery";

    // Prefer Debian's client: another docker in PATH may use another engine's context.
    internal static readonly string Docker = File.Exists("/usr/bin/docker") ? "/usr/bin/docker" : "docker";

    private readonly SemaphoreSlim _once = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-compose-").FullName;
    private bool _raised;
    private int _netcats;

    public string SharedSecret { get; private set; } = "a-shared-secret-of-this-deployment-" + Guid.NewGuid().ToString("N");

    public string Project => engine.NameOf("composed");

    /// <summary>The group that owns the engine's socket.</summary>
    public int SocketGroup { get; private set; }

    public string Network(string name) => $"{Project}_{name}";

    /// <summary>Waits until it is up and healthy. Built and started once.</summary>
    public async Task<DockerClient> UpAsync(CancellationToken cancellationToken)
    {
        if (
            Environment.GetEnvironmentVariable("CI") != "true"
            && !Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "docker-compose")))
        )
        {
            Assert.Skip("There is no docker-compose in PATH (Debian: apt install docker-compose).");
        }

        var client = await engine.ClientAsync(cancellationToken);
        await _once.WaitAsync(cancellationToken);
        try
        {
            if (!_raised)
            {
                _raised = true;
                await RaiseAsync(client, cancellationToken);
            }
        }
        finally
        {
            _once.Release();
        }

        return client;
    }

    public async Task<ContainerInspectResponse> InspectAsync(string service, CancellationToken cancellationToken) =>
        await (await engine.ClientAsync(cancellationToken)).Containers.InspectContainerAsync(
            await IdAsync(service, cancellationToken),
            cancellationToken
        );

    public Task<string> IdAsync(string service, CancellationToken cancellationToken) =>
        ComposeAsync(["ps", "--quiet", service], cancellationToken);

    /// <summary>The address of the page.</summary>
    public async Task<Uri> PageAsync(CancellationToken cancellationToken) =>
        new($"http://{(await ComposeAsync(["port", "web", "8080"], cancellationToken)).Trim()}");

    /// <summary>The page, at the port published on the engine's host.</summary>
    internal async Task<Netcat> PageFromHostAsync(CancellationToken cancellationToken)
    {
        var page = await PageAsync(cancellationToken);
        return await NetcatAsync("host", page.Host, page.Port, cancellationToken);
    }

    /// <summary>
    /// The Collector's address as a container on that network sees it. <c>container:ID</c> shares another container's network. An IP
    /// address, because a static busybox cannot resolve names.
    /// </summary>
    internal async Task<Netcat> CollectorFromAsync(string network, CancellationToken cancellationToken)
    {
        var address = (await InspectAsync("collector", cancellationToken)).NetworkSettings!.Networks.Single().Value.IPAddress;
        return await NetcatAsync(network, address, 8080, cancellationToken);
    }

    /// <summary>The Collector's address, as Web's container sees it.</summary>
    internal async Task<Netcat> CollectorFromWebAsync(CancellationToken cancellationToken) =>
        await CollectorFromAsync($"container:{await IdAsync("web", cancellationToken)}", cancellationToken);

    /// <summary>
    /// Lets the Collector restart a container, requested from Web's container. Returns the audit records about it, newest first.
    /// </summary>
    public async Task<IReadOnlyList<AuditRecord>> RestartAsync(string container, CancellationToken cancellationToken)
    {
        await using var collector = await CollectorFromWebAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = collector.Address };
        var answer = await Eventually.GetAsync(
            token => RequestAsync(http, HttpMethod.Post, $"/api/v1/containers/{container}/restart", token),
            answer => answer.Status == HttpStatusCode.Accepted
        );
        var job = JsonSerializer.Deserialize(answer.Body, ContractsJson.Default.Job)!.Id;
        return await Eventually.GetAsync(
            async token =>
                JsonSerializer
                    .Deserialize(
                        (await RequestAsync(http, HttpMethod.Get, CollectorRoutes.Audit, token)).Body,
                        ContractsJson.Default.AuditPage
                    )!
                    .Records.Where(record => record.Job == job)
                    .ToList(),
            found => found.Count == 2,
            describe: found => string.Join(", ", found)
        );
    }

    /// <summary>The Collector's response to Web with a token signed by that secret.</summary>
    public async Task<HttpStatusCode> AnswerToAsync(string secret, CancellationToken cancellationToken)
    {
        await using var collector = await CollectorFromWebAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = collector.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(CollectorRoutes.Fleet, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CollectorHost.Token(secret, role: Roles.Viewer));
        using var response = await http.SendAsync(request, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>The first step of a rotation, as in docs/operations.md: a new secret is written, and the Collector accepts both.</summary>
    public async Task BeginRotationAsync(CancellationToken cancellationToken)
    {
        var (secret, previous) = (Path.Combine(_folder, "shared_secret"), Path.Combine(_folder, "previous_secret"));
        File.Copy(secret, previous);
        SharedSecret = "another-shared-secret-of-this-deployment-" + Guid.NewGuid().ToString("N");
        await File.WriteAllTextAsync(secret, SharedSecret + "\n", cancellationToken);
        await ComposeAsync(
            [
                "--file",
                Path.Combine(Repository.Root, "deploy", "compose.rotation.yaml"),
                "up",
                "--detach",
                "--no-build",
                "--force-recreate",
                "--no-deps",
                "collector",
            ],
            cancellationToken
        );
        await HealthyAsync("collector", cancellationToken);
    }

    /// <summary>The second step: Web signs with the new secret.</summary>
    public async Task RestartWebAsync(CancellationToken cancellationToken)
    {
        await ComposeAsync(["restart", "web"], cancellationToken);
        await HealthyAsync(cancellationToken);
    }

    /// <summary>The last step: the old secret is no longer accepted.</summary>
    public async Task EndRotationAsync(CancellationToken cancellationToken)
    {
        await ComposeAsync(["up", "--detach", "--no-build", "--force-recreate", "--no-deps", "collector"], cancellationToken);
        File.Delete(Path.Combine(_folder, "previous_secret"));
        await HealthyAsync("collector", cancellationToken);
    }

    /// <summary>The output of the image's verify command.</summary>
    public Task<string> VerifyAsync(CancellationToken cancellationToken) =>
        ComposeAsync(["exec", "-T", "collector", "/app/FleetDashboard.Collector", "verify"], cancellationToken);

    /// <summary>Runs one shell line in a temporary busybox on a network. <c>container:ID</c> uses another container's network.</summary>
    public async Task<string> ShellAsync(string network, string command, CancellationToken cancellationToken, string pidMode = "")
    {
        var client = await engine.ClientAsync(cancellationToken);
        var created = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Image = BusyboxImage.Name,
                Cmd = ["sleep", "300"],
                Labels = new Dictionary<string, string> { [EngineFixture.RunLabel] = engine.RunId },
                HostConfig = new HostConfig
                {
                    NetworkMode = network,
                    PidMode = pidMode,
                    AutoRemove = true,
                },
            },
            cancellationToken
        );
        await client.Containers.StartContainerAsync(created.ID, new(), cancellationToken);
        try
        {
            return await client.ShellAsync(created.ID, command, cancellationToken);
        }
        finally
        {
            await client.Containers.RemoveContainerAsync(created.ID, new() { Force = true }, CancellationToken.None);
        }
    }

    public Task<string> ComposeAsync(string[] arguments, CancellationToken cancellationToken) =>
        Command.RunAsync(
            "docker-compose",
            ["--project-name", Project, "--file", Path.Combine(Repository.Root, "deploy", "compose.yaml"), .. arguments],
            Settings(),
            cancellationToken
        );

    /// <summary>The Docker command line, as used in the documentation.</summary>
    public async Task DockerAsync(Stream input, Stream output, string[] arguments, CancellationToken cancellationToken) =>
        await Command.RunAsync(Docker, arguments, Settings(), input, output, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_raised)
        {
            await ComposeAsync(["down", "--volumes", "--timeout", "5"], CancellationToken.None);
            var client = await engine.ClientAsync();
            foreach (var image in (string[])[Image("collector"), Image("web"), Image("sdk"), Image("base")])
            {
                await RemoveAsync(client, image);
            }
        }

        Directory.Delete(_folder, recursive: true);
        _once.Dispose();
    }

    private async Task RaiseAsync(DockerClient client, CancellationToken cancellationToken)
    {
        SocketGroup = int.Parse(
            await Command.RunAsync("stat", ["--format", "%g", engine.Endpoint.AbsolutePath], cancellationToken),
            CultureInfo.InvariantCulture
        );
        Directory.CreateDirectory(Path.Combine(_folder, "fleet"));
        foreach (
            var (secret, text) in (IEnumerable<(string, string)>)
                [("shared_secret", SharedSecret), ("admin_password", AdminPassword), ("metrics_token", Guid.NewGuid().ToString())]
        )
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, secret), text + "\n", cancellationToken);
        }

        await OfflineImages.MakeBaseAsync(client, Image("base"), cancellationToken);
        await OfflineImages.MakeSdkAsync(client, Image("sdk"), cancellationToken);
        await ComposeAsync(["build", "--quiet"], cancellationToken);
        await ComposeAsync(["up", "--detach", "--no-build"], cancellationToken);
        await HealthyAsync(cancellationToken);
    }

    /// <summary>Compose itself waits for the Collector. This waits for Web.</summary>
    public Task HealthyAsync(CancellationToken cancellationToken) => HealthyAsync("web", cancellationToken);

    private async Task HealthyAsync(string service, CancellationToken cancellationToken) =>
        await Eventually.GetAsync(
            async token => (await InspectAsync(service, token)).State?.Health?.Status.ToString(),
            status => string.Equals(status, "healthy", StringComparison.OrdinalIgnoreCase),
            TimeSpan.FromSeconds(120)
        );

    private async Task<(HttpStatusCode Status, string Body)> RequestAsync(
        HttpClient http,
        HttpMethod method,
        string route,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(route, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            method == HttpMethod.Get
                ? CollectorHost.Token(SharedSecret)
                : CollectorHost.ActingToken(new Uri(new Uri("http://collector:8080"), route), SharedSecret)
        );
        using var response = await http.SendAsync(request, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private async Task<Netcat> NetcatAsync(string network, string host, int port, CancellationToken cancellationToken)
    {
        var client = await engine.ClientAsync(cancellationToken);
        var name = engine.NameOf($"netcat{Interlocked.Increment(ref _netcats).ToString(CultureInfo.InvariantCulture)}");
        var helper = await engine.RunAsync(new LabContainer(name) { NetworkMode = network }, cancellationToken);
        string[] command =
        [
            "--host",
            engine.Endpoint.ToString(),
            "exec",
            "--interactive",
            helper,
            "nc",
            host,
            port.ToString(CultureInfo.InvariantCulture),
        ];
        return new Netcat(
            () =>
                new ProcessStartInfo(Docker, command)
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            () => client.Containers.RemoveContainerAsync(helper, new() { Force = true }, CancellationToken.None)
        );
    }

    /// <summary>The images built from the Dockerfiles.</summary>
    public string Image(string name) => $"fleet/{engine.NameOf(name)}:1";

    private static async Task RemoveAsync(DockerClient client, string image)
    {
        try
        {
            await client.Images.DeleteImageAsync(image, new ImageDeleteParameters { Force = true }, CancellationToken.None);
        }
        catch (DockerImageNotFoundException)
        {
            // Starting failed before it was created.
        }
    }

    private Dictionary<string, string> Settings() =>
        new()
        {
            ["DOCKER_HOST"] = engine.Endpoint.ToString(),
            ["DOCKER_BUILDKIT"] = "0",
            ["COMPOSE_DOCKER_CLI_BUILD"] = "0",
            ["DOCKER_GID"] = SocketGroup.ToString(CultureInfo.InvariantCulture),
            ["DOCKER_SOCKET"] = engine.Endpoint.AbsolutePath,
            ["FLEET_LISTEN"] = "127.0.0.1:0",
            ["FLEET_SECRETS"] = _folder,
            ["FLEET_FILE_FOLDER"] = Path.Combine(_folder, "fleet"),
            ["FLEET_COLLECTOR_IMAGE"] = Image("collector"),
            ["FLEET_WEB_IMAGE"] = Image("web"),
            ["FLEET_SDK_IMAGE"] = Image("sdk"),
            ["FLEET_BASE_IMAGE"] = Image("base"),
        };
}

/// <summary>One deployment shared by all tests of the collection, which run one after the other.</summary>
[CollectionDefinition(nameof(ComposeFleet))]
[SupportedOSPlatform("linux")]
public sealed class SharedComposeFleet : ICollectionFixture<ComposeFleet>;
