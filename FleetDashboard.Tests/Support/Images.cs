using Docker.DotNet;
using Docker.DotNet.Models;

namespace FleetDashboard.Tests.Support;

/// <summary>Images for tests that need two images with one name.</summary>
internal static class Images
{
    /// <summary>
    /// Builds a busybox image with additional Dockerfile instructions (ENV, CMD, LABEL ...). An image that had the name before loses it.
    /// Returns the id.
    /// </summary>
    public static async Task<string> MakeAsync(
        this DockerClient client,
        string name,
        CancellationToken cancellationToken,
        params string[] changes
    )
    {
        var parts = name.Split(':');
        using var tar = BusyboxImage.Tar();
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters
            {
                FromSrc = "-",
                Repo = parts[0],
                Tag = parts[1],
                Changes = changes,
            },
            tar,
            null,
            new Progress<JSONMessage>(),
            cancellationToken
        );
        return (await client.Images.InspectImageAsync(name, cancellationToken)).ID;
    }
}
