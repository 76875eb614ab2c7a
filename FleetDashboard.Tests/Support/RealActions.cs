using FleetDashboard.Collector;
using FleetDashboard.Collector.Actions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FleetDashboard.Tests.Support;

/// <summary>The actions that the Collector registers, for tests of the guard and of the page that start no Collector.</summary>
internal static class RealActions
{
    private static readonly Lazy<ActionList> Registered = new(Load);

    public static ActionList List => Registered.Value;

    private static ActionList Load()
    {
        var data = Directory.CreateTempSubdirectory("fleet-actions-");
        try
        {
            using IHost app = CollectorApp.Build([
                "--Engine:Endpoint=unix:///none.sock",
                $"--Auth:SharedSecret={CollectorHost.Secret}",
                $"--Data:Path={data}",
            ]);
            return app.Services.GetRequiredService<ActionList>();
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
