using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Why a Collector does not answer, as a sentence that says what to do. Never an exception's text, which contains addresses and paths.
/// </summary>
internal static class FeedErrors
{
    public const string Ended = "It ended the stream: it is stopping or being restarted.";
    public const string Gone = "Nothing listens at its address: is it running, and is Collectors:Hosts right?";
    public const string Garbled = "It sent something this page does not understand: do both run the same version?";

    public const string Late = "It did not answer in time.";

    public static string Silent(TimeSpan limit) => $"It has sent nothing for {limit.TotalSeconds:0} s.";

    public static string OfStatus(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                "It does not accept this page's token: is Collectors:SharedSecret the same on both sides, and do the clocks agree?",
            HttpStatusCode.NotFound => "It does not know what was asked: is this the Collector's address, and its version the same?",
            _ => $"It answers with status {(int)status}: see its log.",
        };

    public static string Describe(Exception exception) =>
        exception switch
        {
            JsonException => Garbled,
            HttpRequestException
            {
                InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain }
            } => "Its name cannot be resolved: is Collectors:Hosts right?",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Gone,
            _ => "The connection to it broke.",
        };
}
