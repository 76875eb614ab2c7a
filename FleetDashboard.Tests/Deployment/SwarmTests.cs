using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Deployment;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary>
/// <c>deploy/swarm.yaml</c> on a real Swarm of two nodes: two engines, each in its own network, connected by a virtual cable. The images
/// are those of the Compose deployment.
/// </summary>
[Collection(nameof(ComposeFleet))]
[Trait("Category", "Deployment")]
[SupportedOSPlatform("linux")]
public sealed class SwarmTests(ComposeFleet fleet) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);

    // The same path on both nodes, as a stack requires. On each machine it is the folder of its own engine.
    private readonly string _engineFolder = Directory.CreateTempSubdirectory("fleet-swarm-").FullName;
    private readonly List<IAsyncDisposable> _made = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var made in Enumerable.Reverse(_made))
        {
            await made.DisposeAsync();
        }

        Directory.Delete(_engineFolder, recursive: true);
    }

    [EngineFact]
    public async Task Stack_OnTwoNodes_IsOneFleetAndShowsALostNode()
    {
        await fleet.UpAsync(Token);
        var (one, other) = await Machine.PairAsync("node-one", "node-two", Token);
        _made.AddRange([one, other]);
        var (manager, worker) = (await EngineAsync(one), await EngineAsync(other));
        await DockerAsync(manager, "swarm", "init", "--advertise-addr", one.Address);
        await DockerAsync(
            worker,
            "swarm",
            "join",
            "--token",
            await DockerAsync(manager, "swarm", "join-token", "--quiet", "worker"),
            $"{one.Address}:2377"
        );
        await DockerAsync(manager, "node", "update", "--label-add", "fleet.web=true", "node-one");
        await SecretAsync(manager, "fleet_shared_secret", fleet.SharedSecret);
        await SecretAsync(manager, "fleet_admin_password", ComposeFleet.AdminPassword);
        await SecretAsync(manager, "fleet_metrics_token", "a token for the metrics of the swarm");
        await DockerAsync(manager, "stack", "deploy", "--resolve-image", "never", "--compose-file", await StackAsync(), "fleet");

        // From its own machine, the only one on which it is published.
        await using var page = new Netcat(
            () =>
                new ProcessStartInfo(one.Enter[0], [.. one.Enter[1..], BusyboxImage.Path(), "nc", "127.0.0.1", "5080"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            () => Task.CompletedTask
        );
        await SignedInAsync(page);

        // Both Collectors were found by DNS, and each reports what its own node runs, so the stack is an app on both.
        var both = await PageAsync(
            page,
            text => text.Contains("2 of 2", StringComparison.Ordinal) && text.Contains("node-two", StringComparison.Ordinal)
        );
        Assert.Contains("data-host=\"node-one\"", both, StringComparison.Ordinal);
        Assert.Contains("data-host=\"node-two\"", both, StringComparison.Ordinal);
        Assert.Contains("apps/fleet?host=node-two", both, StringComparison.Ordinal);
        Assert.Contains("apps/fleet?host=node-one", both, StringComparison.Ordinal);

        // Cut the cable. Soon the name no longer has the node's address, but the page still shows the node.
        await other.RunAsync(["ip", "link", "set", "eth9", "down"], Token);
        var left = await PageAsync(page, text => text.Contains("1 of 2", StringComparison.Ordinal));
        Assert.Matches("node-two: *Collector does not answer", left);
        Assert.Contains("apps/fleet?host=node-one", left, StringComparison.Ordinal);
        Assert.Contains("last known", left, StringComparison.Ordinal);
    }

    private async Task<DisposableEngine> EngineAsync(Machine machine)
    {
        var engine = await DisposableEngine.StartAsync(Token, machine);
        _made.Add(engine);
        await machine.RunAsync(["mount", "--bind", engine.Folder, _engineFolder], Token);
        await using var images = new FileStream(
            Path.GetTempFileName(),
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            }
        );
        await fleet.DockerAsync(Stream.Null, images, ["save", fleet.Image("collector"), fleet.Image("web")], Token);
        images.Position = 0;
        await Command.RunAsync(
            ComposeFleet.Docker,
            ["--host", engine.Endpoint.ToString(), "load"],
            new Dictionary<string, string>(),
            images,
            Stream.Null,
            Token
        );
        return engine;
    }

    // A build machine's kernel may not support IPsec, and a cable between two namespaces does not need it.
    private async Task<string> StackAsync()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "swarm.yaml"), Token);
        Assert.Contains("    driver_opts: { encrypted: \"true\" }\n", text, StringComparison.Ordinal);
        var file = Path.Combine(_engineFolder, "swarm.yaml");
        await File.WriteAllTextAsync(file, text.Replace("    driver_opts: { encrypted: \"true\" }\n", "", StringComparison.Ordinal), Token);
        return file;
    }

    private static async Task SignedInAsync(Netcat page) =>
        await Eventually.GetAsync(
            async token =>
            {
                using var visitor = new Browserless(page.Address);
                try
                {
                    return (await visitor.SignInAsync("admin", ComposeFleet.AdminPassword, token)).StatusCode;
                }
                catch (HttpRequestException)
                {
                    return default; // nothing listens yet
                }
            },
            status => status == HttpStatusCode.Redirect,
            Deadline
        );

    private static async Task<string> PageAsync(Netcat page, Func<string, bool> says)
    {
        using var visitor = new Browserless(page.Address);
        await visitor.SignInAsync("admin", ComposeFleet.AdminPassword, Token);
        return await Eventually.GetAsync(
            async token => await (await visitor.GetAsync("/", token)).Content.ReadAsStringAsync(token),
            says,
            Deadline,
            text => text[..Math.Min(text.Length, 4000)]
        );
    }

    private async Task<string> DockerAsync(DisposableEngine engine, params string[] arguments) =>
        await Command.RunAsync(
            ComposeFleet.Docker,
            ["--host", engine.Endpoint.ToString(), .. arguments],
            new Dictionary<string, string>
            {
                ["DOCKER_GID"] = await Command.RunAsync("stat", ["--format", "%g", engine.Endpoint.AbsolutePath], Token),
                ["DOCKER_SOCKET"] = Path.Combine(_engineFolder, "docker.sock"),
                ["FLEET_COLLECTOR_IMAGE"] = fleet.Image("collector"),
                ["FLEET_WEB_IMAGE"] = fleet.Image("web"),
            },
            Token
        );

    private static async Task SecretAsync(DisposableEngine engine, string name, string text)
    {
        using var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        await Command.RunAsync(
            ComposeFleet.Docker,
            ["--host", engine.Endpoint.ToString(), "secret", "create", name, "-"],
            new Dictionary<string, string>(),
            input,
            Stream.Null,
            Token
        );
    }
}
