using Bunit;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Components.Actions;
using FleetDashboard.Web.Components.Pages.Fleet;
using FleetDashboard.Web.Components.Shared;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class AppCardTests : BunitContext
{
    private static readonly FleetSnapshot Snapshot = Snapshots.Fleet();

    public AppCardTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddScoped<ActionPrompt>();
    }

    [Fact]
    public void Card_SameContent_IsNotRenderedAgain()
    {
        var card = Card(App("billing"));
        var next = Snapshots.Fleet(2);

        card.Render(parameters =>
            parameters.Add(part => part.Model, AppCards.Create(Views.Placed(next.Apps.Single(app => app.Name == "billing"), next)))
        );

        Assert.Equal(1, card.RenderCount);
    }

    [Fact]
    public void Card_OtherContent_IsRenderedAgain()
    {
        var card = Card(App("billing"));
        Assert.DoesNotContain("1.50", card.Markup, StringComparison.Ordinal);

        card.Render(parameters =>
            parameters.Add(part => part.Model, AppCards.Create(Views.Placed(App("billing") with { CpuCores = 1.5 })))
        );

        Assert.Contains("1.50", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_ClosedAgain_IsRenderedAgain()
    {
        var card = Card(App("billing"), open: true);
        Assert.Equal("true", card.Find("[data-open]").GetAttribute("aria-expanded"));

        card.Render(parameters => parameters.Add(part => part.App, null));

        Assert.Equal("false", card.Find("[data-open]").GetAttribute("aria-expanded"));
        Assert.Empty(card.FindAll("table"));
    }

    [Fact]
    public void Card_MarkupInNames_IsShownAsText()
    {
        const string Hostile = "\" onfocus=\"alert(0)<script>alert(1)</script><img src=x onerror=alert(2)>";
        var app = App("billing");
        app = app with
        {
            Title = Hostile,
            Reasons = [new(Hostile, "exited", Hostile, HealthColor.Red)],
            Containers = [.. app.Containers.Select(container => container with { Service = Hostile })],
        };

        var card = Card(app, open: true);

        Assert.Empty(card.FindAll("script, img, [onfocus]"));
        Assert.StartsWith($"{Hostile}: ", card.Find(".dots a").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Equal(Hostile, card.Find("h2").TextContent);
    }

    [Fact]
    public void Card_State_IsShownByColourIconAndText()
    {
        var card = Card(App("trouble"));

        Assert.Contains("red", card.Find("article").ClassList);
        Assert.Equal("#i-red", card.Find(".badge use").GetAttribute("href"));
        Assert.Equal("Down", card.Find(".badge").TextContent);
        Assert.Contains("and 2 more", card.Find(".why").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_Containers_HaveOneDotEach_RoundForDatabases()
    {
        var card = Card(App("billing"));

        Assert.Equal(3, card.FindAll(".dots a").Count);
        Assert.Equal("db: Healthy", Assert.Single(card.FindAll(".dots a.db")).GetAttribute("title"));
    }

    [Fact]
    public void Card_Open_ShowsItsContainersAndProtection()
    {
        var card = Card(App("trouble"), open: true);

        Assert.Equal(8, card.FindAll("tbody tr").Count);
        Assert.Contains("Exited 137", card.Markup, StringComparison.Ordinal);
        Assert.Contains("it is a database", card.Find(".lock").TextContent, StringComparison.Ordinal);
        Assert.Contains("42 s old", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_Any_HasNoInlineStyle() => Assert.Empty(Card(App("trouble"), open: true).FindAll("[style]"));

    [Fact]
    public void Badge_OwnText_ReplacesTheColoursName() =>
        Assert.Equal("Exited 137", Render(StateBadge.Render(HealthColor.Red, "Exited 137")).Find(".badge").TextContent);

    private static AppSnapshot App(string name) => Snapshot.Apps.Single(app => app.Name == name);

    private IRenderedComponent<AppCard> Card(AppSnapshot app, bool open = false) =>
        Render<AppCard>(parameters =>
            parameters.Add(part => part.Model, AppCards.Create(Views.Placed(app))).Add(part => part.App, open ? Views.Placed(app) : null)
        );
}
