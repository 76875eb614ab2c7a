using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>The folders that images may be built from. What leads out of them, by whatever link, is not opened.</summary>
internal sealed class BuildRoots(IOptions<ActionOptions> options)
{
    public const string Unset = "no folder is allowed to build from: set Actions:BuildRoots";

    public bool Any => options.Value.BuildRoots.Count > 0;

    /// <summary>The real folder and Dockerfile of a plan, both checked.</summary>
    /// <exception cref="BuildRefusedException">It is not there, or not inside an allowed folder.</exception>
    public (string Context, string Dockerfile) Resolve(BuildPlan plan)
    {
        var context = RealPath.Resolve(plan.Context);
        if (!Directory.Exists(context))
        {
            throw new BuildRefusedException(
                $"{plan.Origin} builds from {plan.Context}, and there is no such folder where the Collector runs."
            );
        }

        if (!IsAllowed(context))
        {
            throw new BuildRefusedException(
                $"{plan.Origin} builds from {plan.Context}, which is not inside any folder of Actions:BuildRoots."
            );
        }

        var name = plan.Dockerfile ?? "Dockerfile";
        var dockerfile = RealPath.Resolve(Path.Combine(context, name));
        if (!RealPath.IsInside(dockerfile, context))
        {
            throw new BuildRefusedException($"The Dockerfile {name} leads out of {plan.Context}: put it inside.");
        }

        return File.Exists(dockerfile)
            ? (context, Path.GetRelativePath(context, dockerfile))
            : throw new BuildRefusedException($"There is no {name} in {plan.Context}.");
    }

    /// <summary>True for a real path inside an allowed folder.</summary>
    public bool IsAllowed(string real) => options.Value.BuildRoots.Any(root => RealPath.IsInside(real, RealPath.Resolve(root)));
}

/// <summary>An image cannot be built from what is there. The message is a sentence for the operator.</summary>
internal sealed class BuildRefusedException(string message) : Exception(message);
