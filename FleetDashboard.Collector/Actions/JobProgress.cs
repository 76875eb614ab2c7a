namespace FleetDashboard.Collector.Actions;

/// <summary>Puts an action's progress on one container into the job.</summary>
internal sealed class JobProgress(LiveJob job, int index) : IJobProgress
{
    public void Line(string text) => job.AddLine(job.Targets[index].Name, text);

    public void Step(string sentence, double? done = null) =>
        job.Change(now =>
            now with
            {
                Message = sentence,
                // With several containers the finished ones can be counted, even where the action measures nothing.
                Progress = done is null && job.Targets.Length == 1 ? null : (index + Math.Clamp(done ?? 0, 0, 1)) / job.Targets.Length,
            }
        );
}
