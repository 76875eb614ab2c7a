using System.ComponentModel.DataAnnotations;
using FleetDashboard.DemoEngine.Faults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine;

internal sealed class DemoOptions
{
    public const string SectionName = "Demo";

    /// <summary>Where the engine listens, for instance /run/fleet-demo/docker.sock. The folder must exist.</summary>
    [Required]
    // sun_path holds 108 bytes with the closing zero; a longer path fails in bind with a message that helps nobody.
    [MaxLength(107)]
    public string SocketPath { get; set; } = "";

    [Range(60, 5000)]
    public int Containers { get; set; } = 60;

    /// <summary>The same seed gives the same fleet, the same loads and the same accidents.</summary>
    public int Seed { get; set; } = 15;

    /// <summary>How long a container takes to obey SIGTERM.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan StopTakes { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Mean time between crashes of healthy containers; zero for a fleet in which nothing happens by itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan AccidentEvery { get; set; } = TimeSpan.FromMinutes(8);

    /// <summary>Faults from the start on; POST /demo/faults replaces them.</summary>
    [ValidateObjectMembers]
    public FaultSettings Faults { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class DemoOptionsValidator : IValidateOptions<DemoOptions>;

/// <summary>What attributes cannot say: the folder of the socket has to be there.</summary>
internal sealed class SocketFolderValidator : IValidateOptions<DemoOptions>
{
    public ValidateOptionsResult Validate(string? name, DemoOptions options)
    {
        var folder = Path.GetDirectoryName(options.SocketPath);
        return string.IsNullOrEmpty(folder) || !Path.IsPathRooted(options.SocketPath)
                ? ValidateOptionsResult.Fail("Demo:SocketPath must be a full path, such as /run/fleet-demo/docker.sock.")
            : Directory.Exists(folder) ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Demo:SocketPath is {options.SocketPath}, but the folder {folder} does not exist. Create it first."
            );
    }
}
