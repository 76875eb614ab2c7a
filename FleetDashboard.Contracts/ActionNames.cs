using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>What can be done to a container or an app: the words of routes, jobs, metrics and the audit trail.</summary>
public static class ActionNames
{
    /// <summary>The engine's restart, with the container's own stop timeout.</summary>
    public const string Restart = "restart";

    /// <summary>Fetches the tag that the container runs; changes no container.</summary>
    public const string Pull = "pull";

    /// <summary>Recreates on the newer image that is already on the host.</summary>
    public const string Update = "update";

    /// <summary>Builds the image anew, then recreates.</summary>
    public const string Rebuild = "rebuild";

    /// <summary>Every action, in the order in which a menu shows them.</summary>
    public static readonly ImmutableArray<string> All = [Restart, Pull, Update, Rebuild];
}

/// <summary>Why an action is not open on a container.</summary>
/// <param name="Action">One of <see cref="ActionNames"/>.</param>
/// <param name="Code">A stable word for machines, one of <see cref="RefusalCodes"/>.</param>
/// <param name="Reason">What a person would say, without the container's name.</param>
public sealed record ActionRefusal(string Action, string Code, string Reason);

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
    public const string NothingToBuild = "nothing-to-build";
    public const string Busy = "busy";
    public const string Unknown = "unknown";
    public const string Token = "token";
}
