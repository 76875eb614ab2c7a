using FleetDashboard.Collector.Actions;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Actions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>
/// A new action is one class and one registration. Snapshot, menu, dialog, routes, guard and audit trail follow from them.
/// </summary>
public sealed class NewActionTests : IAsyncLifetime
{
    private DemoEngineHost _engine = null!;
    private CollectorHost _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await DemoEngineHost.StartAsync(20, Token);
        _collector = await CollectorHost.StartAsync(
            _engine.Endpoint,
            services => services.AddSingleton<IFleetAction, TouchAction>(),
            Token
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task NewAction_IsOnTheMenuAndInTheDialog()
    {
        var (fleet, app) = await AppAsync();
        var placed = Views.Placed(app, fleet);

        var choice = ActionMenuModel.From(placed).Choices.Single(choice => choice.Action == "touch");
        var request = ActionRequest.New("touch", placed.Host.Collector, app.Name, null);
        var plan = ActionPlan.From(request, Views.From(placed.Host))!;

        Assert.Equal(("Touch", "changes nothing"), (choice.Title, choice.Hint));
        Assert.StartsWith("Touch ", plan.Title, StringComparison.Ordinal);
        Assert.Contains("Nothing changes.", plan.What, StringComparison.Ordinal);
        Assert.False(plan.Interrupts);
    }

    [Fact]
    public async Task NewAction_HasRoutesAJobAndAuditRecords()
    {
        var (_, app) = await AppAsync();
        var container = app.Containers.First(one => one.Actions.Contains("touch"));

        var answer = await _collector.PostAsync($"/api/v1/containers/{container.Id}/actions/touch", Token);
        var (job, lines) = await _collector.EndOfAsync(answer.Job, Token);
        var records = await _collector.AuditAsync(Token, "&action=touch");

        Assert.Equal(202, answer.Status);
        Assert.Equal((JobStates.Succeeded, "Touched."), (job.Outcome, job.Message));
        Assert.Equal(["a line"], lines.Select(line => line.Text));
        Assert.Equal([AuditPhases.Outcome, AuditPhases.Intent], records.Select(record => record.Phase));
        Assert.All(records, record => Assert.Equal((container.Name, job.Id), (record.Container, record.Job)));
    }

    [Fact]
    public async Task NewAction_IsNotOfferedWhereItPreventsItself()
    {
        var (fleet, app) = await AppAsync();
        var database = fleet.Apps.SelectMany(one => one.Containers).First(one => one.Protected);
        var stopped = fleet.Apps.SelectMany(one => one.Containers).First(one => one is { Protected: false, State: not "running" });

        var onApp = await _collector.PostAsync($"/api/v1/apps/{Uri.EscapeDataString(app.Name)}/actions/touch", Token);
        var onStopped = await _collector.PostAsync($"/api/v1/containers/{stopped.Id}/actions/touch", Token);
        var onDatabase = await _collector.PostAsync($"/api/v1/containers/{database.Id}/actions/touch", Token);

        Assert.Equal(202, onApp.Status);
        Assert.Equal("it is not running", fleet.WhyNot(stopped, "touch"));
        Assert.Equal((403, true), (onStopped.Status, onStopped.Body.Contains("it is not running", StringComparison.Ordinal)));
        Assert.Equal((403, true), (onDatabase.Status, onDatabase.Body.Contains("is protected", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/api/v1/apps/{app}/actions/paint", Roles.Operator, 404)]
    [InlineData("/api/v1/containers/{id}/actions/paint", Roles.Operator, 404)]
    [InlineData("/api/v1/containers/{id}/actions/Restart", Roles.Operator, 404)]
    [InlineData("/api/v1/containers/{id}/actions/paint", Roles.Viewer, 403)]
    public async Task UnknownAction_IsNotFoundAndTheAnswerListsTheActions(string route, string role, int status)
    {
        var (_, app) = await AppAsync();
        var path = route
            .Replace("{app}", Uri.EscapeDataString(app.Name), StringComparison.Ordinal)
            .Replace("{id}", app.Containers[0].Id, StringComparison.Ordinal);

        var answer = await _collector.PostAsync(path, Token, role: role);
        var record = (await _collector.AuditAsync(Token, "&action=unknown"))[0];

        Assert.Equal(status, answer.Status);
        Assert.Equal(
            status == 404,
            answer.Body.Contains("The actions are restart, pull, update, rebuild, touch.", StringComparison.Ordinal)
        );
        Assert.Equal((AuditPhases.Refusal, "Tester"), (record.Phase, record.User));
    }

    private async Task<(FleetSnapshot Fleet, AppSnapshot App)> AppAsync()
    {
        var fleet = await _collector.UntilAsync(fleet => fleet.Apps.Any(IsOpen), Token);
        return (fleet, fleet.Apps.First(IsOpen));

        static bool IsOpen(AppSnapshot app) => app.Containers.Count(container => container.Actions.Contains("touch")) > 1;
    }

    private sealed class TouchAction : IFleetAction
    {
        public ActionDescription Description { get; } =
            new("touch", "Touch", "changes nothing", "Nothing changes.", "Nothing changes.", IfItFails: null, Interrupts: false);

        public bool IsHarmless => true;

        public Refusal? Prevents(GuardCase container) => container.Facts.IsRunning ? null : new Refusal("not-running", "it is not running");

        public TimeSpan DeadlineFor(ActionTarget target) => TimeSpan.FromSeconds(10);

        public Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken)
        {
            progress.Line("a line");
            return Task.FromResult(new ActionResult(true, "Touched."));
        }
    }
}
