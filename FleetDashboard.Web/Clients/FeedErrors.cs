using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Why a Collector does not answer, as a sentence that says what to do. Never an exception's text, which contains addresses and paths.
/// </summary>
internal static class FeedErrors
{
    public const string Ended = "It ended the stream, because it stops or restarts.";
    public const string Gone = "Nothing listens at its address. Check that it runs and that Collectors:Hosts is right.";
    public const string Garbled = "It sent something that this page cannot read. Check that both run the same version.";

    public const string Late = "It did not answer in time.";

    public static string Silent(TimeSpan limit) => $"It has sent nothing for {limit.TotalSeconds:0} s.";

    public static string OfStatus(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                "It rejects this page's token. Check that Collectors:SharedSecret is the same on both sides and that the clocks agree.",
            HttpStatusCode.NotFound =>
                "It does not have this route. Check that this is the Collector's address and that both run the same version.",
            _ => $"It answers with status {(int)status}. See its log.",
        };

    public static string Describe(Exception exception) =>
        exception switch
        {
            JsonException => Garbled,
            HttpRequestException
            {
                InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain }
            } => "Its name cannot be resolved. Check Collectors:Hosts.",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Gone,
            _ => "The connection to it broke.",
        };
}
