namespace FleetDashboard.Collector.Actions;

/// <summary>What an action says of one container, put into its job.</summary>
internal sealed class JobProgress(LiveJob job, int index) : IJobProgress
{
    public void Line(string text) => job.AddLine(job.Targets[index].Name, text);

    public void Step(string sentence, double? done = null) =>
        job.Change(now =>
            now with
            {
                Message = sentence,
                // Of several containers at least those that are done can be counted.
                Progress = done is null && job.Targets.Length == 1 ? null : (index + Math.Clamp(done ?? 0, 0, 1)) / job.Targets.Length,
            }
        );
}
