using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Actions;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The actions that menus offer and the text of the confirmation dialog, derived from the snapshot.</summary>
public sealed class ActionModelTests
{
    private static readonly FleetSnapshot Fleet = ActingFleet.Create();

    private static AppSnapshot Shop => Fleet.Apps.Single(app => app.Name == "shop");

    [Fact]
    public void Menu_OfAnApp_OffersActionsAllowedOnAnyContainerAndListsTheRest()
    {
        var menu = ActionMenuModel.From(Views.Placed(Shop, Fleet));

        Assert.Equal(
            [(ActionNames.Restart, "Restart", 2, 4), (ActionNames.Pull, "Pull", 3, 4), (ActionNames.Update, "Update", 1, 4)],
            menu.Choices.Select(choice => (choice.Action, choice.Title, choice.Open, choice.Total))
        );
        Assert.Equal([new Untouched("db", "it is a database (image postgres)")], menu.Untouched);
        Assert.Equal(1, menu.Updates);
    }

    [Fact]
    public void Menu_SameContent_IsEqual() =>
        Assert.Equal(
            ActionMenuModel.From(Views.Placed(Shop, Fleet)),
            ActionMenuModel.From(Views.Placed(ActingFleet.Create(2).Apps.Single(app => app.Name == "shop"), ActingFleet.Create(2)))
        );

    [Theory]
    [InlineData("shop", "db", ActionNames.Restart, "it is a database (image postgres)")]
    [InlineData("shop", "migrate", ActionNames.Restart, "it did its work and ended with 0")]
    [InlineData("shop", "web", ActionNames.Rebuild, "its Compose file has no build section for it")]
    [InlineData("shop", "worker", ActionNames.Rebuild, "neither fleet.yaml nor a Compose file defines a build for it")]
    [InlineData("off", "web", ActionNames.Restart, "actions are switched off on this host (Actions:Enabled)")]
    [InlineData("shop", "web", ActionNames.Restart, null)]
    public void WhyNot_IsTheCollectorsReason(string app, string service, string action, string? reason)
    {
        var container = Fleet.Apps.Single(one => one.Name == app).Containers.Single(one => one.Service == service);

        Assert.Equal(reason, Fleet.WhyNot(container, action));
    }

    [Fact]
    public void Plan_OfAnApp_ListsContainersInOrderAndLeftOutOnesWithReasons()
    {
        var plan = ActionPlan.From(ActionRequest.New(ActionNames.Restart, Views.Collector, "shop", null), Views.From(Fleet))!;

        Assert.Equal(["shop-worker-1", "shop-web-1"], plan.Steps);
        Assert.Equal(["db", "migrate"], plan.LeftOut.Select(one => one.Service));
        Assert.Equal("Restart 2 containers", plan.Confirm);
        Assert.Contains("usually 10 s", plan.What, StringComparison.Ordinal);
        Assert.Null(plan.IfItFails);
    }

    [Fact]
    public void Plan_OfOneContainer_ContainsOnlyIt()
    {
        var web = Shop.Containers.Single(container => container.Service == "web");

        var plan = ActionPlan.From(ActionRequest.New(ActionNames.Update, Views.Collector, "shop", web.Id), Views.From(Fleet))!;

        Assert.Equal(["shop-web-1"], plan.Steps);
        Assert.Empty(plan.LeftOut);
        Assert.Equal("Update web of shop?", plan.Title);
        Assert.Contains("the old one is restored", plan.IfItFails, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfARemovedContainer_IsNull()
    {
        Assert.Null(ActionPlan.From(ActionRequest.New(ActionNames.Restart, Views.Collector, "gone", null), Views.From(Fleet)));
        Assert.Null(ActionPlan.From(ActionRequest.New("no-such-action", Views.Collector, "shop", null), Views.From(Fleet)));
        Assert.Null(
            ActionPlan.From(ActionRequest.New(ActionNames.Restart, Views.Collector, "shop", new string('0', 64)), Views.From(Fleet))
        );
    }
}
