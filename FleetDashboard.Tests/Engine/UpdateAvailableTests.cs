using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>The Collector learns from the engine's events alone that a tag has moved.</summary>
public sealed class UpdateAvailableTests(EngineFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Tag_Moves_SnapshotOffersAnUpdateUntilItIsDone()
    {
        var client = await fixture.ClientAsync(Cancelled);
        var (name, image) = (fixture.NameOf("moveson"), "fleet/moveson:1");
        await client.MakeAsync(image, Cancelled, "CMD [\"sleep\", \"1000\"]");
        var id = await fixture.RunAsync(new LabContainer(name) { Image = image }, Cancelled);

        // No reconciliation can help within the test's time.
        await using var collector = await CollectorHost.StartAsync(
            fixture.Endpoint,
            Cancelled,
            "--Engine:ReconcileInterval=01:00:00",
            "--Sampling:Interval=00:05:00"
        );
        Assert.DoesNotContain(ActionNames.Update, Find(await collector.UntilAsync(fleet => Find(fleet) is not null, Cancelled))!.Actions);

        await client.MakeAsync(image, Cancelled, "CMD [\"sleep\", \"2000\"]");
        var moved = Find(await collector.UntilAsync(fleet => Find(fleet)!.UpdateAvailable, Cancelled))!;
        Assert.Contains(ActionNames.Update, moved.Actions);

        var accepted = await collector.PostAsync($"/api/v1/containers/{id}/update", Cancelled);
        var (job, _) = await collector.EndOfAsync(accepted.Job, Cancelled);
        Assert.True(job.Outcome == JobStates.Succeeded, job.Message);
        var after = Find(await collector.UntilAsync(fleet => Find(fleet) is { UpdateAvailable: false } now && now.Id != id, Cancelled))!;
        Assert.Equal("running", after.State);
        await client.Containers.RemoveContainerAsync(name, new() { Force = true }, Cancelled);

        ContainerSnapshot? Find(FleetSnapshot fleet) =>
            fleet.Apps.SelectMany(app => app.Containers).FirstOrDefault(container => container.Name == name);
    }
}
