using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace FleetDashboard.ServiceDefaults;

/// <summary>
/// The <c>health</c> command: requests this program's <c>/health</c> over loopback and exits with 0 or 1, so that an image needs neither a
/// shell nor curl. It runs every few seconds for weeks, so it uses a plain socket instead of loading an HTTP stack.
/// </summary>
public static class HealthCommand
{
    public const string Name = "health";

    private const string DefaultUrl = "http://localhost:5000"; // Kestrel's default
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Requests the address at which this process is configured to listen. Writes errors to <paramref name="error"/>, as a sentence.
    /// </summary>
    public static async Task<int> RunAsync(IConfiguration settings, TextWriter error)
    {
        if (Address(settings) is not { } address)
        {
            await error.WriteLineAsync(
                "There is no plain http address to check. Set ASPNETCORE_HTTP_PORTS or ASPNETCORE_URLS to the program's value."
            );
            return 1;
        }

        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            var status = await RequestAsync(address.Host, address.Port, limit.Token);
            if (status == "200")
            {
                return 0;
            }

            await error.WriteLineAsync($"http://{address.Host}:{address.Port}/health returned {status}.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await error.WriteLineAsync($"http://{address.Host}:{address.Port}/health did not answer within {Deadline.TotalSeconds} s.");
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            await error.WriteLineAsync($"http://{address.Host}:{address.Port}/health could not be requested: {fault.Message}");
        }

        return 1;
    }

    /// <summary>The settings that contain the listening addresses, as the program itself reads them.</summary>
    public static IConfiguration Settings() =>
        new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables("DOTNET_")
            .AddEnvironmentVariables()
            .Build();

    /// <summary>The first plain http address. A wildcard address is requested on loopback.</summary>
    internal static (string Host, int Port)? Address(IConfiguration settings)
    {
        var urls = Parts(settings["URLS"])
            .Concat(Parts(settings["HTTP_PORTS"]).Select(port => $"http://*:{port}"))
            .DefaultIfEmpty(DefaultUrl);
        var binding = urls.Select(BindingAddress.Parse).FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttp && !url.IsUnixPipe);
        return binding is null ? null : (Reachable(binding.Host), binding.Port);
    }

    private static string Reachable(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address.ToString()
            : IPAddress.Loopback.ToString();

    private static string[] Parts(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<string> RequestAsync(string host, int port, CancellationToken cancellationToken)
    {
        var address = IPAddress.Parse(host);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, port, cancellationToken);
        await socket.SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);

        // "HTTP/1.1 200 OK": only the first line is needed.
        var line = new byte[12];
        for (var count = 0; count < line.Length; )
        {
            var read = await socket.ReceiveAsync(line.AsMemory(count), cancellationToken);
            if (read == 0)
            {
                throw new IOException("the connection was closed without a response.");
            }

            count += read;
        }

        return Encoding.ASCII.GetString(line, 9, 3);
    }
}
