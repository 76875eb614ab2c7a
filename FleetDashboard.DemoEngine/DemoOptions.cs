using System.ComponentModel.DataAnnotations;
using FleetDashboard.DemoEngine.Faults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine;

internal sealed class DemoOptions
{
    public const string SectionName = "Demo";

    /// <summary>The path of the engine's socket, for example /run/fleet-demo/docker.sock. The folder must exist.</summary>
    [Required]
    // sun_path holds 108 bytes including the final zero. A longer path fails in bind with an unhelpful message.
    [MaxLength(107)]
    public string SocketPath { get; set; } = "";

    [Range(60, 5000)]
    public int Containers { get; set; } = 60;

    /// <summary>The same seed gives the same fleet, the same loads and the same crashes.</summary>
    public int Seed { get; set; } = 15;

    /// <summary>How long a container takes to obey SIGTERM.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan StopTakes { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Mean time between crashes of healthy containers. Zero disables crashes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan AccidentEvery { get; set; } = TimeSpan.FromMinutes(8);

    /// <summary>Faults that are active from the start. POST /demo/faults replaces them.</summary>
    [ValidateObjectMembers]
    public FaultSettings Faults { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class DemoOptionsValidator : IValidateOptions<DemoOptions>;

/// <summary>Checks what attributes cannot: the socket's folder must exist.</summary>
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
