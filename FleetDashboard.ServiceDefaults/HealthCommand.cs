using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace FleetDashboard.ServiceDefaults;

/// <summary>
/// The command <c>health</c>: asks this program's own <c>/health</c> over loopback and ends with 0 or 1, so that an image needs neither a
/// shell nor
/// curl. It runs every few seconds for weeks: a bare socket has no HTTP stack to load.
/// </summary>
public static class HealthCommand
{
    public const string Word = "health";

    private const string DefaultUrl = "http://localhost:5000"; // Kestrel's own
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Asks where the settings of this process say that it listens; what is wrong goes to <paramref name="error"/>, in a sentence.
    /// </summary>
    public static async Task<int> RunAsync(IConfiguration settings, TextWriter error)
    {
        if (Address(settings) is not { } address)
        {
            await error.WriteLineAsync(
                "No plain http address to ask: set ASPNETCORE_HTTP_PORTS or ASPNETCORE_URLS as it is set for the program."
            );
            return 1;
        }

        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            var status = await AskAsync(address.Host, address.Port, limit.Token);
            if (status == "200")
            {
                return 0;
            }

            await error.WriteLineAsync($"http://{address.Host}:{address.Port}/health answers {status}.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await error.WriteLineAsync($"http://{address.Host}:{address.Port}/health does not answer within {Deadline.TotalSeconds} s.");
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            await error.WriteLineAsync($"http://{address.Host}:{address.Port}/health cannot be asked: {fault.Message}");
        }

        return 1;
    }

    /// <summary>The settings that say where to listen, as the program itself reads them.</summary>
    public static IConfiguration Settings() =>
        new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables("DOTNET_")
            .AddEnvironmentVariables()
            .Build();

    /// <summary>The first plain http address; one that means "everywhere" is asked on loopback.</summary>
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

    private static async Task<string> AskAsync(string host, int port, CancellationToken cancellationToken)
    {
        var address = IPAddress.Parse(host);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, port, cancellationToken);
        await socket.SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);

        // "HTTP/1.1 200 OK": the first line is all that is wanted.
        var line = new byte[12];
        for (var count = 0; count < line.Length; )
        {
            var read = await socket.ReceiveAsync(line.AsMemory(count), cancellationToken);
            if (read == 0)
            {
                throw new IOException("the connection was closed without an answer.");
            }

            count += read;
        }

        return Encoding.ASCII.GetString(line, 9, 3);
    }
}
