using System.Diagnostics;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.ByHand;

/// <summary>Not tests: <c>bench/lab.sh</c> calls these to start and remove the lab for demonstrations and measurements.</summary>
[Trait("Category", "ByHand")]
public sealed class LabByHand(EngineFixture engine)
{
    [EngineFact(Explicit = true)]
    public async Task Up()
    {
        var watch = Stopwatch.StartNew();
        var client = await engine.ClientAsync(TestContext.Current.CancellationToken);

        // Not this run's id: the fixture would remove the lab at once.
        await LabFleet.RaiseAsync(client, "by-hand", TestContext.Current.CancellationToken);
        var raised = watch.Elapsed;
        await LabFleet.WaitForStatesAsync(client);

        TestContext.Current.SendDiagnosticMessage(
            $"Raised in {raised.TotalSeconds:F1} s, all in their states after {watch.Elapsed.TotalSeconds:F1} s"
        );
    }

    [EngineFact(Explicit = true)]
    public async Task Down() =>
        Assert.Empty(
            await LabFleet.TakeDownAsync(
                await engine.ClientAsync(TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken
            )
        );
}
