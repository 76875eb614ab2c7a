using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Collector.Actions;

/// <summary>Containers that name another one in their settings, and what the guard says of that one before it is recreated.</summary>
public sealed class ContainerReferenceTests
{
    private static readonly ContainerFacts Source = Facts.Container("source") with { Image = "acme/source:1", ImageId = "sha256:old" };

    public static TheoryData<string, string?> Users =>
        new()
        {
            { "volumes by id", "user takes its volumes by its id (--volumes-from)" },
            { "volumes by a short id", "user takes its volumes by its id (--volumes-from)" },
            { "volumes by id, read-only", "user takes its volumes by its id (--volumes-from)" },
            { "volumes by name", null }, // The new container has the name, and the volumes.
            { "link", "user is linked to it (--link)" },
            { "nothing", null },
        };

    [Theory]
    [MemberData(nameof(Users))]
    public void Source_ThatIsToBeRecreated_IsKeptFromIt_WhereAUserWouldBreak(string what, string? word)
    {
        var refused = Target(Source, Source, User(what)).Against(ActionNames.Update);

        Assert.Equal(word is null, refused is null);
        Assert.Contains(word ?? "", refused?.Reason ?? "", StringComparison.Ordinal);
        Assert.Null(Target(Source, Source, User(what)).Against(ActionNames.Restart));
    }

    [Fact]
    public void User_OfASourceThatIsGone_IsNotRecreated()
    {
        var user = User("volumes by id");

        Assert.Equal(RefusalCodes.Borrows, Target(user, user).Against(ActionNames.Update)?.Code);
        Assert.Null(Target(user, Source, user).Against(ActionNames.Update));
    }

    [Fact]
    public void TwoNetworksOfOneName_EachHasItsMember()
    {
        var one = Facts.Container("otter") with { Networks = [new NetworkAttachment("id-1", "dup", ["10.0.0.2"])] };
        var two = Facts.Container("heron") with { Networks = [new NetworkAttachment("id-2", "dup", ["10.0.1.2"])] };
        var inventory = Inventory(one, two);
        inventory.Networks = [new NetworkFacts("id-1", "dup", "bridge", false, []), new NetworkFacts("id-2", "dup", "bridge", false, [])];

        Assert.Equal(["otter"], Members(inventory, "id-1"));
        Assert.Equal(["heron"], Members(inventory, "id-2"));
        Assert.Equal(["heron", "otter"], inventory.Apps.Values.Select(app => app.Name).Order());
    }

    private static IEnumerable<string> Members(Inventory inventory, string network)
    {
        var snapshot = new SnapshotAssembler(new StatsHistory(), new DatabaseSizes()).Assemble(
            inventory,
            Rulings(inventory),
            new SnapshotMoment(1, Facts.Now, Facts.Now, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), null, null, [])
        );
        return snapshot.Networks.Single(one => one.Id == network).Members.Select(member => member.Container);
    }

    private static GuardRuling Target(ContainerFacts subject, params ContainerFacts[] fleet)
    {
        var inventory = Inventory(fleet);
        inventory.Apply(HostImages.None with { Tags = HostImages.None.Tags.Add(ImageName.FullOf(subject.Image), "sha256:new") });
        return Rulings(inventory).Single(target => target.Id == subject.Id).Ruling;
    }

    private static Inventory Inventory(params ContainerFacts[] fleet)
    {
        var inventory = new Inventory(new StatsHistory(), new DatabaseSizes(), new ChangeHistory(TimeProvider.System));
        foreach (var container in fleet)
        {
            inventory.Put(container, Facts.Now);
        }

        return inventory;
    }

    private static ImmutableArray<ActionTarget> Rulings(Inventory inventory)
    {
        var roots = new BuildRoots(Options.Create(new ActionOptions()));
        var sources = new BuildSources(
            roots,
            new ComposeBuilds(roots, TimeProvider.System, NullLogger<ComposeBuilds>.Instance),
            Options.Create(new MetadataOptions())
        );
        return new ActionRulings(new OwnContainer("", "", ""), sources, RealActions.List, Options.Create(new ActionOptions())).Judge(
            inventory.GuardInputs
        );
    }

    private static ContainerFacts User(string what) =>
        Facts.Container("user") with
        {
            Image = "acme/user:1",
            ImageId = "sha256:old",
            References = ContainerReference.From(
                what switch
                {
                    "volumes by id" => new Docker.DotNet.Models.HostConfig { VolumesFrom = [Source.Id] },
                    "volumes by a short id" => new Docker.DotNet.Models.HostConfig { VolumesFrom = [Source.Id[..12]] },
                    "volumes by id, read-only" => new Docker.DotNet.Models.HostConfig { VolumesFrom = [Source.Id + ":ro"] },
                    "volumes by name" => new Docker.DotNet.Models.HostConfig { VolumesFrom = ["source"] },
                    "link" => new Docker.DotNet.Models.HostConfig { Links = ["/source:/user/db"] },
                    _ => new Docker.DotNet.Models.HostConfig(),
                }
            ),
        };
}
