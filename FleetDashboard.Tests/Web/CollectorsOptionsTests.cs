using FleetDashboard.Web.Clients;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class CollectorsOptionsTests
{
    [Fact]
    public void Options_NothingSet_NamesBothKeys()
    {
        var message = Failure(new CollectorsOptions());

        Assert.Contains("Collectors:SharedSecret (FLEET_SHARED_SECRET) is missing", message, StringComparison.Ordinal);
        Assert.Contains("Collectors:Hosts:0:Url", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ShortSecret_SaysHowShortAndDoesNotRepeatIt()
    {
        var message = Failure(
            new CollectorsOptions { SharedSecret = "hunter2", Hosts = [new() { Url = new Uri("http://localhost:5081") }] }
        );

        Assert.Contains("has 7 bytes", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://localhost")]
    [InlineData("/relative")]
    public void Options_WrongUrl_NamesTheKey(string url) =>
        Assert.Contains(
            "Collectors:Hosts:0:Url",
            Failure(
                new CollectorsOptions
                {
                    SharedSecret = new string('x', 32),
                    Hosts = [new() { Url = new Uri(url, UriKind.RelativeOrAbsolute) }],
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Options_SecretInUtf8_CountsBytes() =>
        Assert.True(
            new CollectorsOptionsValidator()
                .Validate(
                    null,
                    new CollectorsOptions { SharedSecret = new string('é', 16), Hosts = [new() { Url = new Uri("http://localhost:5081") }] }
                )
                .Succeeded
        );

    private static string Failure(CollectorsOptions options) => new CollectorsOptionsValidator().Validate(null, options).FailureMessage!;
}
