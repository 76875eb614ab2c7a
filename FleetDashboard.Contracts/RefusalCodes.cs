namespace FleetDashboard.Contracts;

/// <summary>The codes of refusals.</summary>
public static class RefusalCodes
{
    public const string ActionsOff = "actions-off";
    public const string Role = "role";
    public const string Database = "database";
    public const string Self = "self";
    public const string Label = "label";
    public const string File = "file";
    public const string Swarm = "swarm";
    public const string Removing = "removing";
    public const string Dead = "dead";
    public const string Paused = "paused";
    public const string OneShot = "one-shot";

    /// <summary>The engine cannot describe the container.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Other containers use its network, processes or IPC.</summary>
    public const string Lends = "lends";

    /// <summary>It uses another container's network, processes or IPC.</summary>
    public const string Borrows = "borrows";

    /// <summary>It is removed when it stops.</summary>
    public const string RemovesItself = "removes-itself";

    public const string NoTag = "no-tag";
    public const string NoNewerImage = "no-newer-image";

    /// <summary>Neither a Compose file nor fleet.yaml says what the image is built from.</summary>
    public const string NoBuildSource = "no-build-source";

    /// <summary>The image has sources, or might have, but something prevents the build.</summary>
    public const string BuildBlocked = "build-blocked";

    public const string Busy = "busy";
    public const string Unknown = "unknown";
    public const string Token = "token";
}
