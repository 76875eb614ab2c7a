using System.Diagnostics;
using System.Globalization;
using Docker.DotNet;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A Docker engine for one test, which can be killed. Without a machine of its own, its containers have no network, so nothing on the host
/// is changed.
/// </summary>
internal sealed class DisposableEngine : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-engine-").FullName;
    private Process? _containerd;
    private Process? _dockerd;

    private readonly Machine? _machine;

    private DisposableEngine(Machine? machine)
    {
        _machine = machine;
        Client = new DockerClientBuilder()
            .WithEndpoint(Endpoint)
            .WithApiVersion(new Version(1, 41))
            .WithTimeout(Eventually.Deadline)
            .Build();
    }

    /// <summary>The engine's folder, with its socket.</summary>
    public string Folder => _folder;

    public Uri Endpoint => new($"unix://{_folder}/docker.sock");

    public DockerClient Client { get; }

    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="machine">The machine to run on, with networks. Null runs here, without networks.</param>
    public static async Task<DisposableEngine> StartAsync(CancellationToken cancellationToken, Machine? machine = null)
    {
        var engine = new DisposableEngine(machine);
        try
        {
            await engine.BeginAsync(cancellationToken);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9. containerd, a separate service as on most hosts, and the containers keep running.</summary>
    public async Task KillAsync()
    {
        _dockerd!.Kill();
        await _dockerd.WaitForExitAsync();
        File.Delete(Path.Combine(_folder, "pid"));
    }

    /// <summary>Starts it, also after it was killed, and waits until it responds.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _containerd ??= Run($"containerd --address {_folder}/containerd.sock --root {_folder}/containerd --state {_folder}/state");
        await Eventually.GetAsync(_ => Task.FromResult(File.Exists($"{_folder}/containerd.sock")), exists => exists);
        _dockerd = Run(
            $"dockerd --containerd {_folder}/containerd.sock --host {Endpoint} --data-root {_folder}/data "
                + $"--exec-root {_folder}/exec --pidfile {_folder}/pid"
                + (_machine is null ? " --bridge none --iptables=false --ip-forward=false" : "")
        );
        await Eventually.GetAsync(
            async token =>
            {
                if (_dockerd.HasExited)
                {
                    throw new InvalidOperationException($"The engine exited: {await File.ReadAllTextAsync(Log, token)}");
                }

                try
                {
                    await Client.System.PingAsync(token);
                    return true;
                }
                catch (Exception ex)
                    when (ex is HttpRequestException or IOException or System.Net.Sockets.SocketException or TimeoutException)
                {
                    return false;
                }
            },
            answers => answers
        );
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        if (_dockerd is { HasExited: false })
        {
            foreach (var container in await Client.Containers.ListContainersAsync(new() { All = true }))
            {
                await Client.Containers.RemoveContainerAsync(container.ID, new() { Force = true });
            }
        }

        Client.Dispose();
        foreach (var process in new[] { _dockerd, _containerd }.OfType<Process>())
        {
            if (!process.HasExited)
            {
                using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        // A killed engine leaves its mounts.
        using var unmount = Process.Start(
            "sh",
            ["-c", $"awk 'index($5, \"{_folder}/\") == 1 {{ print $5 }}' /proc/self/mountinfo | tac | xargs -r umount -l"]
        );
        await unmount.WaitForExitAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Log => Path.Combine(_folder, "log");

    // Run by a shell that redirects output to a file: its child processes outlive a pipe of ours.
    private Process Run(string command) =>
        Process.Start("sh", ["-c", $"exec {string.Join(' ', _machine?.Enter ?? [])} {command} >>{Log} 2>&1"]);
}
