using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>The Collector as a separate process, which can be killed.</summary>
internal sealed class CollectorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private CollectorProcess(Process process, Uri address) => (_process, _http) = (process, new HttpClient { BaseAddress = address });

    /// <summary>Starts it on a folder and waits until it is ready. If it exits, its output becomes the failure message.</summary>
    public static async Task<CollectorProcess> StartAsync(
        Uri engine,
        string data,
        CancellationToken cancellationToken,
        params string[] settings
    )
    {
        var collector = await LaunchAsync(engine, data, settings);
        try
        {
            await Eventually.GetAsync(
                async token =>
                {
                    if (collector._process.HasExited)
                    {
                        throw new InvalidOperationException(
                            "The Collector ended: " + await collector._process.StandardError.ReadToEndAsync(token)
                        );
                    }

                    try
                    {
                        return (await collector._http.GetAsync(new Uri(CollectorRoutes.Health, UriKind.Relative), token)).StatusCode;
                    }
                    catch (HttpRequestException)
                    {
                        return HttpStatusCode.ServiceUnavailable;
                    }
                },
                status => status == HttpStatusCode.OK
            );
            cancellationToken.ThrowIfCancellationRequested();
            return collector;
        }
        catch
        {
            await collector.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it when it should refuse to start, and waits until it exits.</summary>
    public static async Task<(int Code, string Said)> RefusedAsync(Uri engine, string data, CancellationToken cancellationToken)
    {
        await using var collector = await LaunchAsync(engine, data);
        var said = await collector._process.StandardError.ReadToEndAsync(cancellationToken);
        await collector._process.WaitForExitAsync(cancellationToken);
        return (collector._process.ExitCode, said);
    }

    /// <summary>Requests an action. Returns 0 if there was no response.</summary>
    public async Task<int> PostAsync(string route, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CollectorHost.ActingToken(new Uri(Address, route)));
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public Uri Address => _http.BaseAddress!;

    /// <summary>The files and sockets that it has open.</summary>
    public int Descriptors => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    /// <summary>A metric of its /metrics: the sum of the series.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken cancellationToken) =>
        (await _http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), cancellationToken))
            .Split('\n')
            .Where(line => line.StartsWith(name + '{', StringComparison.Ordinal) || line.StartsWith(name + ' ', StringComparison.Ordinal))
            .Sum(line =>
                double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
            );

    /// <summary>kill -9.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM, as a service manager does, and returns the exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static Task<CollectorProcess> LaunchAsync(Uri engine, string data, params string[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{UnusedPort.Find()}");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "FleetDashboard.Collector.dll"),
                $"--urls={address}",
                $"--Engine:Endpoint={engine}",
                $"--Auth:SharedSecret={CollectorHost.Secret}",
                $"--Data:Path={data}",
                "--Actions:RequestsPerMinute=1000",
                "--Sampling:Interval=00:05:00",
                "--Logging:LogLevel:Default=None",
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=None",
                .. settings,
            ]
        )
        {
            RedirectStandardError = true,
        };
        return Task.FromResult(new CollectorProcess(Process.Start(start)!, address));
    }
}
