using FleetDashboard.Tests.Browser;
using FleetDashboard.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(EngineFixture))]
[assembly: AssemblyFixture(typeof(BrowserFixture))]
