using FleetDashboard.Collector.Engine;
using Xunit;

namespace FleetDashboard.Tests.Collector.Engine;

/// <summary>Image references, parsed by Docker's grammar.</summary>
public sealed class ImageNameTests
{
    [Theory]
    [InlineData("nginx", "docker.io", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.27", "docker.io", "docker.io/library/nginx:1.27")]
    [InlineData("docker.io/nginx", "docker.io", "docker.io/library/nginx:latest")]
    [InlineData("docker.io/library/nginx:latest", "docker.io", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/library/nginx", "docker.io", "docker.io/library/nginx:latest")]
    [InlineData("library/nginx", "docker.io", "docker.io/library/nginx:latest")]
    [InlineData("acme/web:3", "docker.io", "docker.io/acme/web:3")]
    [InlineData("Evil/x", "Evil", "Evil/x:latest")]
    [InlineData("eVil/x/y:1", "eVil", "eVil/x/y:1")]
    [InlineData("localhost/x", "localhost", "localhost/x:latest")]
    [InlineData("localhost:5000/x:2", "localhost:5000", "localhost:5000/x:2")]
    [InlineData("host:5000/x", "host:5000", "host:5000/x:latest")]
    [InlineData("ghcr.io/a/b@sha256:0123", "ghcr.io", "ghcr.io/a/b:latest")]
    [InlineData("acme/web:3@sha256:0123", "docker.io", "docker.io/acme/web:3")]
    [InlineData("[fd00::1]:5000/x:1", "[fd00::1]:5000", "[fd00::1]:5000/x:1")]
    [InlineData("localhost", "docker.io", "docker.io/library/localhost:latest")]
    public void Reference_HasOneFullFormAndItsRegistry(string reference, string registry, string full)
    {
        var name = ImageName.Parse(reference);

        Assert.Equal((registry, full), (name.Registry, name.Full));
    }

    [Fact]
    public void Digest_IsKeptApart() =>
        Assert.Equal(("3", "sha256:01"), (ImageName.Parse("a/b:3@sha256:01").Tag, ImageName.Parse("a/b:3@sha256:01").Digest));
}
