using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace FleetDashboard.Tests.Support;

/// <summary>
/// The real engine that <c>./test.sh</c> starts. Everything created through it carries the label <c>fleet.test</c> with this run's id, and
/// exactly that is removed at the end. The engine is not contacted before the first test that needs it, so that fast tests stay fast.
/// </summary>
public sealed class EngineFixture : IAsyncLifetime
{
    public const string RunLabel = "fleet.test";

    private static readonly string? Host = Environment.GetEnvironmentVariable("FLEET_TEST_DOCKER_HOST") is { Length: > 0 } host
        ? host
        : null;
    private readonly SemaphoreSlim _once = new(1);
    private DockerClient? _client;

    /// <summary>Why tests on the engine cannot run here. Null if they must run, because there is an engine or this is CI.</summary>
    public static string? WhySkipped { get; } =
        Host is not null || Environment.GetEnvironmentVariable("CI") == "true" ? null : "Needs a Docker engine of its own: run ./test.sh";

    /// <summary>Distinguishes what this run created from everything else.</summary>
    public string RunId { get; } = Guid.NewGuid().ToString("N")[..8];

    public Uri Endpoint { get; } = new(Host ?? "unix:///FLEET_TEST_DOCKER_HOST-is-not-set");

    /// <summary>The connected client, with the image <see cref="BusyboxImage.Name"/> loaded.</summary>
    public async Task<DockerClient> ClientAsync(CancellationToken cancellationToken = default)
    {
        if (Host is null)
        {
            throw new InvalidOperationException(
                "FLEET_TEST_DOCKER_HOST is not set, and with CI=true a missing engine is a failure: run ./test.sh"
            );
        }

        await _once.WaitAsync(cancellationToken);
        try
        {
            return _client ??= await ConnectAsync(cancellationToken);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>
    /// A name that no other run uses. The part before the run's id must be unique to the test: two containers with the same prefix would
    /// form one app.
    /// </summary>
    public string NameOf(string name) => $"{name}-{RunId}";

    /// <summary>Creates and starts one container for a single test and returns its id.</summary>
    public async Task<string> RunAsync(LabContainer container, CancellationToken cancellationToken = default)
    {
        var client = await ClientAsync(cancellationToken);
        var id = await client.CreateAsync(container, RunId, cancellationToken);
        await client.Containers.StartContainerAsync(id, new(), cancellationToken);
        return id;
    }

    public async Task<ContainerInspectResponse> InspectAsync(string idOrName, CancellationToken cancellationToken = default) =>
        await (await ClientAsync(cancellationToken)).Containers.InspectContainerAsync(idOrName, cancellationToken);

    ValueTask IAsyncLifetime.InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await SweepAsync(_client, $"{RunLabel}={RunId}");
            _client.Dispose();
        }

        _once.Dispose();
    }

    /// <summary>
    /// Removes everything with a label. What cannot be removed is reported without failing: xunit would fail every test that used the
    /// fixture.
    /// </summary>
    internal static async Task SweepAsync(DockerClient client, string label)
    {
        IReadOnlyCollection<string> left;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            left = await client.RemoveLabelledAsync(label, limit.Token);
        }
        catch (Exception unanswered)
            when (unanswered is DockerApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            left = [unanswered.Message];
        }

        foreach (var one in left)
        {
            await Console.Error.WriteLineAsync($"Left on the engine with the label {label}: {one}");
        }
    }

    private async Task<DockerClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var client = new DockerClientBuilder()
            .WithEndpoint(Endpoint)
            .WithApiVersion(new System.Version(1, 41))
            .WithTimeout(Eventually.Deadline)
            .Build();
        var name = BusyboxImage.Name.Split(':');
        using var tar = BusyboxImage.Tar();
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters
            {
                FromSrc = "-",
                Repo = name[0],
                Tag = name[1],
            },
            tar,
            null,
            new Progress<JSONMessage>(),
            cancellationToken
        );
        return client;
    }
}
