using System.Text;
using System.Text.Json;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Engine;

/// <summary>Each port that a Swarm's routing mesh publishes is listed once.</summary>
public sealed class ServicePortsTests
{
    private const string Services = """
        [{"ID":"s1","Spec":{"Name":"shop_web"},"Endpoint":{"Ports":[
            {"Protocol":"tcp","TargetPort":80,"PublishedPort":30080,"PublishMode":"ingress"},
            {"Protocol":"udp","TargetPort":53,"PublishedPort":30053,"PublishMode":"ingress"},
            {"Protocol":"tcp","TargetPort":81,"PublishedPort":30081,"PublishMode":"host"}]}},
         {"ID":"s2","Spec":{"Name":"elsewhere"},"Endpoint":{"Ports":[{"Protocol":"tcp","TargetPort":90,"PublishedPort":30090}]}},
         {"ID":"s3","Spec":{"Name":"internal"},"Endpoint":{"Spec":{"Mode":"vip"}}},
         {"ID":null},7,{"ID":"s4","Endpoint":{"Ports":[{"PublishedPort":70000,"TargetPort":-1}]}}]
        """;

    private static readonly ServicePorts Published = new(
        ServiceList.Read(new EngineAnswer(JsonDocument.Parse(Encoding.UTF8.GetBytes(Services)), null)),
        [Task("shop_web.1.abc"), Task("shop_web.2.def"), Facts.Container("other")]
    );

    [Fact]
    public void ServiceWithTasks_IsPublishedByOneOfThem()
    {
        Assert.Equal(
            [(30080, "tcp", 80), (30053, "udp", 53)],
            Published.Find(Task("shop_web.1.abc")).Select(port => (port.Port, port.Protocol, port.Target))
        );
        Assert.Empty(Published.Find(Task("shop_web.2.def")));
        Assert.Empty(Published.Find(Facts.Container("other")));
    }

    [Fact]
    public void ServiceWithoutATaskHere_StillHoldsItsPort() =>
        Assert.Equal([(30090, "elsewhere")], Published.Unowned.Select(port => (port.Port, port.Container)));

    private static ContainerFacts Task(string name) => Facts.Container(name, (ServiceList.IdLabel, "s1"));
}
