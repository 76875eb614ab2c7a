using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>Operations of the lab with the Docker client.</summary>
internal static class LabClient
{
    public static async Task<string> CreateAsync(
        this DockerClient client,
        LabContainer container,
        string runId,
        CancellationToken cancellationToken
    )
    {
        var created = await client.Containers.CreateContainerAsync(container.Parameters(runId), cancellationToken);

        // Engines before API 1.44 accept one network in the create call.
        foreach (var network in container.Networks.Skip(1))
        {
            await client.Networks.ConnectNetworkAsync(network, new NetworkConnectParameters { Container = created.ID }, cancellationToken);
        }

        return created.ID;
    }

    public static async Task BringAboutAsync(
        this DockerClient client,
        LabContainer container,
        string id,
        CancellationToken cancellationToken
    )
    {
        if (container.Act == LabAct.None)
        {
            return;
        }

        try
        {
            await client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellationToken);
        }
        catch (DockerApiException) when (container.Act == LabAct.FailToStart)
        {
            return;
        }

        if (container.Act == LabAct.Pause)
        {
            await client.Containers.PauseContainerAsync(id, cancellationToken);
        }
        else if (container.Act == LabAct.Stop)
        {
            // Until it accepts requests.
            await client.ShellAsync(id, "until [ -e /tmp/ready ]; do sleep 0.1; done", cancellationToken);
            await client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = 20 }, cancellationToken);
        }
    }

    /// <summary>Runs a shell line in a container and returns what it printed on both streams.</summary>
    public static async Task<string> ShellAsync(
        this DockerClient client,
        string container,
        string command,
        CancellationToken cancellationToken
    )
    {
        var exec = await client.Exec.CreateContainerExecAsync(
            container,
            new()
            {
                AttachStdout = true,
                AttachStderr = true,
                Cmd = ["sh", "-c", command],
            },
            cancellationToken
        );
        using var stream = await client.Exec.StartContainerExecAsync(exec.ID, new(), cancellationToken);
        var (output, errors) = await stream.ReadOutputToEndAsync(cancellationToken);
        return (output + errors).Trim();
    }

    /// <summary>The engine's stats of one container.</summary>
    /// <param name="client">The engine.</param>
    /// <param name="container">The container's id or name.</param>
    /// <param name="oneShot">One sample. Otherwise two samples one second apart, like <c>docker stats</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public static async Task<ContainerStatsResponse> StatsAsync(
        this DockerClient client,
        string container,
        bool oneShot,
        CancellationToken cancellationToken
    )
    {
        var answer = new TaskCompletionSource<ContainerStatsResponse>();
        var parameters = new ContainerStatsParameters { Stream = false, OneShot = oneShot };
        await client.Containers.GetContainerStatsAsync(container, parameters, new FirstAnswer(answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Removes containers with their volumes, then networks and volumes, that carry a label. Nothing else.</summary>
    /// <returns>What could not be removed, with the reason. Empty if everything was removed.</returns>
    public static async Task<IReadOnlyCollection<string>> RemoveLabelledAsync(
        this DockerClient client,
        string label,
        CancellationToken cancellationToken
    )
    {
        var labelled = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [label] = true } };
        var left = new ConcurrentBag<string>();

        var containers = await client.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = labelled },
            cancellationToken
        );
        await Parallel.ForEachAsync(
            containers,
            Parallelism(cancellationToken),
            (container, token) =>
                Remove(
                    $"container {container.Names?[0]} ({container.Status})",
                    () =>
                        client.Containers.RemoveContainerAsync(
                            container.ID,
                            new ContainerRemoveParameters { Force = true, RemoveVolumes = true },
                            token
                        )
                )
        );

        foreach (
            var network in await client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = labelled }, cancellationToken)
        )
        {
            await Remove($"network {network.Name}", () => client.Networks.DeleteNetworkAsync(network.ID, cancellationToken));
        }

        var volumes = await client.Volumes.ListAsync(new VolumesListParameters { Filters = labelled }, cancellationToken);
        foreach (var volume in volumes.Volumes ?? [])
        {
            await Remove($"volume {volume.Name}", () => client.Volumes.RemoveAsync(volume.Name, force: true, cancellationToken));
        }

        return left;

        async ValueTask Remove(string what, Func<Task> remove)
        {
            try
            {
                await Eventually.GetAsync(_ => TryAsync(remove, cancellationToken), refusal => refusal is null, TimeSpan.FromMinutes(3));
            }
            catch (TimeoutException stays)
            {
                left.Add($"{what}: {stays.Message}");
            }
        }
    }

    /// <summary>
    /// Null if it was removed, by this or by a test; otherwise why not. The engine rejects removing something that it is already removing.
    /// </summary>
    private static async Task<string?> TryAsync(Func<Task> remove, CancellationToken cancellationToken)
    {
        try
        {
            await remove();
            return null;
        }
        catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception refused)
            when (!cancellationToken.IsCancellationRequested
                && refused is (DockerApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
            )
        {
            return refused.Message;
        }
    }

    /// <summary>Starting a container is mostly waiting: eight at once use two cores fully.</summary>
    public static ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };

    private sealed class FirstAnswer(TaskCompletionSource<ContainerStatsResponse> answer) : IProgress<ContainerStatsResponse>
    {
        public void Report(ContainerStatsResponse value) => answer.TrySetResult(value);
    }
}
