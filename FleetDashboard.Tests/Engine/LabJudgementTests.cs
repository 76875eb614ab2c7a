using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Sixty real containers in every state: each is in the right app, with the right colour and the right reasons.</summary>
[Collection(LabSuite.Name)]
[Trait("Category", "Engine")]
public sealed class LabJudgementTests(LabFleet lab) : IAsyncLifetime
{
    private CollectorHost? _collector;

    public static TheoryData<string> Names => [.. LabTable.Containers.Select(container => container.Name)];

    public async ValueTask InitializeAsync()
    {
        if (EngineFixture.WhySkipped is null)
        {
            _collector = await CollectorHost.StartAsync(
                lab.Engine.Endpoint,
                TestContext.Current.CancellationToken,
                "--Sampling:Interval=00:00:02"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }
    }

    [EngineFact]
    public async Task EveryContainer_HasItsAppColorAndReasons()
    {
        var snapshot = await _collector!.UntilAsync(
            snapshot => Differences(snapshot).Count == 0,
            TestContext.Current.CancellationToken,
            describe: snapshot => "\n" + string.Join('\n', Differences(snapshot))
        );

        Assert.Equal(HealthColor.Red, snapshot.Verdict.Color);
        Assert.Equal(
            LabTable
                .Containers.GroupBy(container => container.App)
                .Where(app => app.Max(container => container.Color) == HealthColor.Red)
                .Select(app => app.Key)
                .Order(),
            snapshot
                .Verdict.Causes.Where(cause =>
                    cause.Color == HealthColor.Red && LabTable.Containers.Any(container => container.App == cause.App)
                )
                .Select(cause => cause.App)
                .Order()
        );
    }

    private static List<string> Differences(FleetSnapshot snapshot)
    {
        var seen = snapshot
            .Apps.SelectMany(app => app.Containers.Select(container => (app, container)))
            .ToDictionary(pair => pair.container.Name);
        return
        [
            .. LabTable
                .Containers.Select(wanted =>
                    seen.TryGetValue(wanted.Name, out var found)
                        ? Difference(wanted, found.app, found.container)
                        : $"{wanted.Name} is missing"
                )
                .OfType<string>(),
        ];
    }

    private static string? Difference(LabContainer wanted, AppSnapshot app, ContainerSnapshot found)
    {
        var codes = found.Reasons.Where(reason => reason.Color >= HealthColor.Amber).Select(reason => reason.Code).Order();
        return
            (app.Name, app.Origin, found.Color) == (wanted.App, wanted.Origin, wanted.Color)
            && codes.SequenceEqual(wanted.Reasons.Where(code => code is not (ReasonCodes.Created or ReasonCodes.Finished)).Order())
            ? null
            : $"{wanted} in {wanted.App} by {wanted.Origin}, but found {found.Color} in {app.Name} by {app.Origin}: "
                + $"{string.Join("; ", found.Reasons.Select(reason => $"{reason.Code} '{reason.Text}'"))}";
    }
}
