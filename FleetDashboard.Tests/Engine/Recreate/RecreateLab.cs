using System.Text.Json.Nodes;
using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Recreate;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Microsoft.Extensions.DependencyInjection;

namespace FleetDashboard.Tests.Engine.Recreate;

/// <summary>
/// A Collector on the engine (or on a proxy in front of it), an old and a new image with one name, and containers of the old one.
/// </summary>
internal sealed class RecreateLab : IAsyncDisposable, IJobProgress
{
    private readonly EngineFixture _fixture;
    private readonly DockerClient _docker;
    private readonly CollectorHost _collector;
    private readonly string[] _newImage;
    private readonly List<string> _containers = [];
    private readonly List<string> _networks = [];
    private readonly List<string> _volumes = [];

    private RecreateLab(EngineFixture fixture, DockerClient docker, CollectorHost collector, string name, string[] newImage) =>
        (_fixture, _docker, _collector, Name, _newImage) = (fixture, docker, collector, name, newImage);

    /// <summary>The name of the container under test.</summary>
    public string Name { get; }

    public string Image => $"fleet/{Name}:1";

    public string OldId { get; private set; } = "";

    public string NewId { get; private set; } = "";

    public EngineContainers Engine => _collector.Services.GetRequiredService<EngineContainers>();

    public Recreation Recreation => _collector.Services.GetRequiredService<Recreation>();

    public DockerClient Docker => _docker;

    /// <summary>The lines of the job's output.</summary>
    public List<string> Lines { get; } = [];

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public static async Task<RecreateLab> StartAsync(
        EngineFixture fixture,
        string name,
        string[] oldImage,
        string[] newImage,
        Uri? door = null
    )
    {
        var docker = await fixture.ClientAsync(Cancelled);
        var lab = new RecreateLab(
            fixture,
            docker,
            await CollectorHost.StartAsync(door ?? fixture.Endpoint, Cancelled),
            fixture.NameOf(name),
            newImage
        );
        lab.OldId = await docker.MakeAsync(lab.Image, Cancelled, oldImage);
        return lab;
    }

    /// <summary>Starts a container of the old image from the body of a create call. The first one has the lab's name.</summary>
    public async Task<string> StartAsync(string body, string? name = null, string api = "1.41")
    {
        var json = (JsonObject)JsonNode.Parse(body)!;
        json["Image"] = Image;
        json["StopTimeout"] ??= 1;
        json["Labels"] ??= new JsonObject();
        json["Labels"]![EngineFixture.RunLabel] = _fixture.RunId;
        var full = name is null ? Name : _fixture.NameOf(name);
        var created = await RawEngine.CreateAsync(_fixture.Endpoint, full, json, Cancelled, api);
        _containers.Add(full);
        await _docker.Containers.StartContainerAsync(created, new ContainerStartParameters(), Cancelled);
        return created;
    }

    /// <summary>Moves the tag to the new image and updates the container.</summary>
    public async Task<ActionResult> UpdateAsync(string id, CancellationToken cancellationToken)
    {
        NewId = await _docker.MakeAsync(Image, Cancelled, _newImage);
        return await Recreation.RunAsync(id, this, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> NamesAsync() =>
        [
            .. (await _docker.Containers.ListContainersAsync(new() { All = true }, Cancelled))
                .SelectMany(container => container.Names)
                .Select(name => name.TrimStart('/')),
        ];

    void IJobProgress.Line(string text) => Lines.Add(text);

    void IJobProgress.Step(string sentence, double? done) { }

    public async Task<JsonObject> InspectAsync(string container, string api = "1.41") =>
        (await RawEngine.GetAsync(_fixture.Endpoint, $"containers/{container}/json", Cancelled, api))!.AsObject();

    /// <summary>Creates a network whose name may already exist. Its id is null if the engine rejects that.</summary>
    public async Task<(string Name, string? Id)> TwinNetworkAsync(string name, string subnet)
    {
        var full = _fixture.NameOf(name);
        try
        {
            var made = await _docker.Networks.CreateNetworkAsync(
                new()
                {
                    Name = full,
                    IPAM = new() { Config = [new() { Subnet = subnet }] },
                    Labels = new Dictionary<string, string> { [EngineFixture.RunLabel] = _fixture.RunId },
                },
                Cancelled
            );
            _networks.Add(made.ID);
            return (full, made.ID);
        }
        catch (DockerApiException refused) when (refused.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            return (full, null);
        }
    }

    public async Task<string> NetworkAsync(string name, string subnet, string? subnet6 = null)
    {
        var full = _fixture.NameOf(name);
        List<IPAMConfig> pools = [new() { Subnet = subnet }];
        if (subnet6 is not null)
        {
            pools.Add(new() { Subnet = subnet6 });
        }
        await _docker.Networks.CreateNetworkAsync(
            new()
            {
                Name = full,
                EnableIPv6 = subnet6 is not null,
                IPAM = new() { Config = pools },
                Labels = new Dictionary<string, string> { [EngineFixture.RunLabel] = _fixture.RunId },
            },
            Cancelled
        );
        _networks.Add(full);
        return full;
    }

    public async Task<string> VolumeAsync(string name)
    {
        var full = _fixture.NameOf(name);
        await _docker.Volumes.CreateAsync(
            new()
            {
                Name = full,
                Labels = new Dictionary<string, string> { [EngineFixture.RunLabel] = _fixture.RunId },
            },
            Cancelled
        );
        _volumes.Add(full);
        return full;
    }

    public Task<string> ExecAsync(string id, string command) => _docker.ShellAsync(id, command, Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        foreach (
            var container in (await _docker.Containers.ListContainersAsync(new() { All = true }, CancellationToken.None)).Where(IsOurs)
        )
        {
            await _docker.Containers.RemoveContainerAsync(
                container.ID,
                new() { Force = true, RemoveVolumes = true },
                CancellationToken.None
            );
        }
        foreach (var network in _networks)
        {
            try
            {
                await _docker.Networks.DeleteNetworkAsync(network, CancellationToken.None);
            }
            catch (DockerApiException)
            {
                // The test itself removed it.
            }
        }
        foreach (var volume in _volumes)
        {
            await _docker.Volumes.RemoveAsync(volume, force: true, CancellationToken.None);
        }
    }

    private bool IsOurs(ContainerListResponse container) =>
        container.Names.Any(name =>
            _containers.Any(ours => name == $"/{ours}" || name.StartsWith($"/{ours}-fleet-before-", StringComparison.Ordinal))
        );
}
