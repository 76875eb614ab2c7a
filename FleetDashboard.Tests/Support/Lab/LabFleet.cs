using Docker.DotNet;
using Docker.DotNet.Models;
using Xunit;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>
/// The fleet of <see cref="LabTable"/>, running and in its intended states. Started once for all tests of its collection.
/// </summary>
public sealed class LabFleet(EngineFixture engine) : IAsyncLifetime
{
    internal const string LabLabel = "fleet.test.lab";

    public EngineFixture Engine => engine;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (EngineFixture.WhySkipped is null)
        {
            var client = await engine.ClientAsync(TestContext.Current.CancellationToken);
            await RaiseAsync(client, engine.RunId, TestContext.Current.CancellationToken);
            await WaitForStatesAsync(client);
        }
    }

    /// <summary>Removes everything, so that the next collection finds the engine empty.</summary>
    public async ValueTask DisposeAsync()
    {
        if (EngineFixture.WhySkipped is null)
        {
            await EngineFixture.SweepAsync(await engine.ClientAsync(CancellationToken.None), LabLabel);
        }
    }

    internal static async Task RaiseAsync(DockerClient client, string runId, CancellationToken cancellationToken)
    {
        // A lab left by a killed run would still use the names.
        Assert.Empty(await TakeDownAsync(client, cancellationToken));

        foreach (var image in LabTable.DatabaseImages)
        {
            var name = image.Split(':');
            await client.Images.TagImageAsync(
                BusyboxImage.Name,
                new ImageTagParameters { RepositoryName = name[0], Tag = name[1] },
                cancellationToken
            );
        }

        await Parallel.ForEachAsync(
            LabTable.Networks,
            LabClient.Parallelism(cancellationToken),
            async (network, token) => await client.Networks.CreateNetworkAsync(Parameters(network, runId), token)
        );

        foreach (var wave in LabTable.Containers.GroupBy(container => container.After is not null).OrderBy(wave => wave.Key))
        {
            await Parallel.ForEachAsync(
                wave,
                LabClient.Parallelism(cancellationToken),
                async (container, token) =>
                {
                    var labelled = container with { Labels = new Dictionary<string, string>(container.Labels) { [LabLabel] = "1" } };
                    await client.BringAboutAsync(container, await client.CreateAsync(labelled, runId, token), token);
                }
            );
        }
    }

    internal static Task WaitForStatesAsync(DockerClient client) =>
        Parallel.ForEachAsync(
            LabTable.Containers,
            LabClient.Parallelism(TestContext.Current.CancellationToken),
            async (container, _) =>
                await Eventually.GetAsync(
                    async token =>
                    {
                        var seen = await client.Containers.InspectContainerAsync(container.Name, token);
                        if (container.Missed(seen))
                        {
                            await client.Containers.StartContainerAsync(container.Name, new(), token);
                        }
                        return seen;
                    },
                    container.Reached,
                    describe: inspect => $"{container.Name}: {System.Text.Json.JsonSerializer.Serialize(inspect.State)}"
                )
        );

    internal static Task<IReadOnlyCollection<string>> TakeDownAsync(DockerClient client, CancellationToken cancellationToken) =>
        client.RemoveLabelledAsync(LabLabel, cancellationToken);

    private static NetworksCreateParameters Parameters(LabNetwork network, string runId) =>
        new()
        {
            Name = network.Name,
            Driver = "bridge",
            Internal = network.Internal,
            IPAM = new IPAM { Driver = "default", Config = [new IPAMConfig { Subnet = network.Subnet }] },
            Labels = new Dictionary<string, string> { [EngineFixture.RunLabel] = runId, [LabLabel] = "1" },
        };
}

/// <summary>The tests that use the lab. They share it, so they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LabSuite : ICollectionFixture<LabFleet>
{
    public const string Name = "Lab";
}
