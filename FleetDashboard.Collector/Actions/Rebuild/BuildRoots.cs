using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>The folders from which images may be built. A path that leads out of them through a link is not opened.</summary>
internal sealed class BuildRoots(IOptions<ActionOptions> options)
{
    public const string Unset = "no folder is allowed as a build source; set Actions:BuildRoots";

    public bool Any => options.Value.BuildRoots.Count > 0;

    /// <summary>The real paths of a plan's folder and Dockerfile, checked.</summary>
    /// <exception cref="BuildRefusedException">The path does not exist, or is not inside an allowed folder.</exception>
    public (string Context, string Dockerfile) Resolve(BuildPlan plan)
    {
        var context = RealPath.Resolve(plan.Context);
        if (!Directory.Exists(context))
        {
            throw new BuildRefusedException($"{plan.Origin} builds from {plan.Context}, which does not exist where the Collector runs.");
        }

        if (!IsAllowed(context))
        {
            throw new BuildRefusedException(
                $"{plan.Origin} builds from {plan.Context}, which is outside the folders in Actions:BuildRoots."
            );
        }

        var name = plan.Dockerfile ?? "Dockerfile";
        var dockerfile = RealPath.Resolve(Path.Combine(context, name));
        if (!RealPath.IsInside(dockerfile, context))
        {
            throw new BuildRefusedException($"The Dockerfile {name} is outside {plan.Context}. Move it inside.");
        }

        return File.Exists(dockerfile)
            ? (context, Path.GetRelativePath(context, dockerfile))
            : throw new BuildRefusedException($"{plan.Context} has no {name}.");
    }

    /// <summary>Whether a real path is inside an allowed folder.</summary>
    public bool IsAllowed(string real) => options.Value.BuildRoots.Any(root => RealPath.IsInside(real, RealPath.Resolve(root)));
}

/// <summary>An image cannot be built. The message is a sentence for the operator.</summary>
internal sealed class BuildRefusedException(string message) : Exception(message);
