using Docker.DotNet;
using Docker.DotNet.Models;

namespace FleetDashboard.Tests.Support;

/// <summary>Images for tests that need two of one name.</summary>
internal static class Images
{
    /// <summary>
    /// Makes a busybox image with settings in a Dockerfile's words (ENV, CMD, LABEL ...); whatever had the name before loses it. Returns
    /// its id.
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
