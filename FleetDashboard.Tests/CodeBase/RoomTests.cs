using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;
using FleetDashboard.Collector;
using FleetDashboard.Web;
using Xunit;

namespace FleetDashboard.Tests.CodeBase;

/// <summary>
/// Which room may use which, read from the compiled assemblies. A room is a folder; sub-folders of a room of the Collector and of Web's
/// sign-in code belong to it. The table is exact: a use that it does not list fails, and so does an entry that the code no longer needs.
/// </summary>
public sealed partial class RoomTests
{
    private static readonly Lazy<List<Edge>> Edges = new(ReadEdges);

    public static TheoryData<string, string> Rooms =>
        new()
        {
            { "Collector", "Actions Api Audit Auth Databases Engine Logs Metadata Metrics Sampling Snapshots" },
            { "Collector.Engine", "" },
            { "Collector.Metadata", "" },
            { "Collector.Fleet", "Engine Metadata" },
            { "Collector.Sampling", "Engine" },
            { "Collector.Databases", "Engine Fleet Sampling" },
            { "Collector.Audit", "" },
            { "Collector.Actions", "Audit Engine Fleet Metadata" },
            { "Collector.Snapshots", "Actions Audit Databases Engine Fleet Metadata Sampling" },
            { "Collector.Logs", "Engine Snapshots" },
            { "Collector.Metrics", "Databases Engine Sampling Snapshots" },
            { "Collector.Auth", "" },
            { "Collector.Api", "Actions Audit Auth Fleet Logs Sampling Snapshots" },
            { "Web.Clients", "" },
            { "Web.Auth", "Clients" },
            { "Web.Logs", "Auth Clients" },
            {
                "Web.Components",
                "Auth Components.Actions Components.Layout Components.Pages.Account Components.Pages.Activity Components.Shared"
            },
            { "Web.Components.Shared", "Clients" },
            { "Web.Components.Actions", "Clients Components.Shared" },
            { "Web.Components.Layout", "Auth Clients Components.Actions Components.Shared" },
            { "Web.Components.Pages", "Clients Components.Shared" },
            { "Web.Components.Pages.Account", "Auth Components.Layout Components.Shared" },
            {
                "Web.Components.Pages.Activity",
                "Clients Components.Actions Components.Layout Components.Pages Components.Pages.Fleet Components.Shared"
            },
            {
                "Web.Components.Pages.Apps",
                "Clients Components.Actions Components.Pages Components.Pages.Fleet Components.Pages.Ports Components.Shared"
            },
            { "Web.Components.Pages.Fleet", "Clients Components.Actions Components.Layout Components.Pages Components.Shared" },
            { "Web.Components.Pages.Logs", "Clients Components.Pages Components.Shared" },
            { "Web.Components.Pages.Networks", "Clients Components.Layout Components.Pages Components.Shared" },
            { "Web.Components.Pages.Ports", "Clients Components.Layout Components.Pages Components.Shared" },
        };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_UsesExactlyTheRoomsListed(string room, string listed)
    {
        var program = room.Split('.')[0];
        var used = Edges.Value.Where(edge => edge.From == room).ToLookup(edge => edge.To[(program.Length + 1)..], edge => edge.Example);
        var allowed = listed.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Empty(used.Where(to => !allowed.Contains(to.Key)).Select(to => $"{room} uses {to.Key}: {to.First()}"));
        Assert.Empty(allowed.Except(used.Select(to => to.Key)).Select(name => $"{room} no longer uses {name}"));
    }

    [Fact]
    public void EveryRoom_IsListed() =>
        Assert.Empty(Edges.Value.SelectMany(edge => new[] { edge.From, edge.To }).Except(Rooms.Select(row => row.Data.Item1)));

    [Fact]
    public void Rooms_FormNoCycle()
    {
        var left = Edges.Value.Select(edge => (edge.From, edge.To)).ToHashSet();
        // A room that uses no other room is on no cycle: take such rooms away until none is left.
        while (left.RemoveWhere(edge => !left.Any(next => next.From == edge.To)) > 0) { }

        Assert.True(left.Count == 0, $"These rooms use each other: {string.Join(", ", left.Select(edge => $"{edge.From} -> {edge.To}"))}");
    }

    [Fact]
    public void Sessions_UseNoWayOfSigningIn() =>
        Assert.DoesNotContain(
            Edges.Value,
            edge => edge.FromFolder == "Web.Auth.Sessions" && edge.ToFolder is "Web.Auth.Oidc" or "Web.Auth.Passkeys"
        );

    private static List<Edge> ReadEdges()
    {
        var all = new ArchLoader().LoadAssemblies(typeof(CollectorApp).Assembly, typeof(Startup).Assembly).Build().Types;
        return
        [
            .. all.SelectMany(type => type.Dependencies.Where(used => !IsGenerated(used)).Select(used => new Edge(type, used.Target)))
                .Where(edge => edge.From.Length > 0 && edge.To.Length > 0 && edge.From != edge.To && edge.Program == edge.TargetProgram),
        ];
    }

    // The loader counts generated code as part of its caller. The configuration binder knows all classes of options. Each JSON context has
    // a helper of one name, which the loader takes for one method.
    private static bool IsGenerated(ITypeDependency used) =>
        used is IMemberTypeDependency { OriginMember: { } origin }
        && (
            (origin.FullName.Contains("IHostApplicationBuilder", StringComparison.Ordinal) && OptionsClass().IsMatch(used.Target.Name))
            || origin.FullName.Contains("TryGetTypeInfoForRuntimeCustomConverter", StringComparison.Ordinal)
            || used.Target.FullName.Contains("TryGetTypeInfoForRuntimeCustomConverter", StringComparison.Ordinal)
        );

    [GeneratedRegex("(Options|Limits)$")]
    private static partial Regex OptionsClass();

    private sealed partial record Edge(IType Type, IType Target)
    {
        public string From => Room(FromFolder);
        public string To => Room(ToFolder);
        public string Program => From.Split('.')[0];
        public string TargetProgram => To.Split('.')[0];
        public string FromFolder => Folder(Type);
        public string ToFolder => Folder(Target);
        public string Example => $"{Type.Name} -> {Target.Name}";

        private static string Folder(IType type) =>
            type.Namespace?.FullName is { } name && name.StartsWith("FleetDashboard.", StringComparison.Ordinal)
                ? name["FleetDashboard.".Length..]
                : "";

        private static string Room(string folder) => RoomName().Match(folder).Value;

        [GeneratedRegex(@"^(Collector\.\w+|Collector|Web\.Auth|Web\.[\w.]+|Web)")]
        private static partial Regex RoomName();
    }
}
