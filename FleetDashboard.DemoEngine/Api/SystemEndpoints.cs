using System.Globalization;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

internal static class SystemEndpoints
{
    // The label tells the Collector that this is a demo fleet.
    private static readonly string[] HostLabels = ["fleet.demo=true"];

    public static void MapSystem(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_ping", (HttpContext context) => context.Response.WriteAsync("OK", context.RequestAborted));
        routes.MapMethods("/_ping", [HttpMethods.Head], () => Results.Text(""));
        routes.MapGet("/version", WriteVersionAsync);
        routes.MapGet("/info", WriteInfoAsync);
    }

    private static Task WriteVersionAsync(HttpContext context) =>
        context.AnswerJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("Platform");
            json.WriteString("Name", "Fleet demo engine");
            json.WriteEndObject();
            json.WriteStartArray("Components");
            json.WriteStartObject();
            json.WriteString("Name", "Demo Engine");
            json.WriteString("Version", DemoHost.EngineVersion);
            json.WriteStartObject("Details");
            json.WriteString("ApiVersion", DemoHost.ApiVersion);
            json.WriteString("MinAPIVersion", DemoHost.MinApiVersion);
            json.WriteString("Os", "linux");
            json.WriteString("Arch", "amd64");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("Version", DemoHost.EngineVersion);
            json.WriteString("ApiVersion", DemoHost.ApiVersion);
            json.WriteString("MinAPIVersion", DemoHost.MinApiVersion);
            json.WriteString("GitCommit", "demo");
            json.WriteString("GoVersion", "");
            json.WriteString("Os", "linux");
            json.WriteString("Arch", "amd64");
            json.WriteString("KernelVersion", "6.1.0-demo");
            json.WriteString("BuildTime", "2026-01-01T00:00:00.000000000+00:00");
            json.WriteEndObject();
        });

    private static Task WriteInfoAsync(HttpContext context, DemoFleet fleet, TimeProvider time) =>
        context.AnswerJsonAsync(json =>
        {
            var all = fleet.All;
            json.WriteStartObject();
            json.WriteString("ID", "DEMO:" + string.Join(':', Enumerable.Repeat("DEMO", 11)));
            json.WriteNumber("Containers", all.Count);
            json.WriteNumber(
                "ContainersRunning",
                all.Count(container => container.State.Status is RunStatus.Running or RunStatus.Restarting)
            );
            json.WriteNumber("ContainersPaused", all.Count(container => container.State.Status == RunStatus.Paused));
            json.WriteNumber("ContainersStopped", all.Count(container => container.State.Status is RunStatus.Exited or RunStatus.Created));
            json.WriteNumber("Images", fleet.Images.Count);
            json.WriteString("Driver", "overlay2");
            json.WriteString("SystemTime", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("LoggingDriver", "json-file");
            json.WriteString("CgroupDriver", "cgroupfs");
            json.WriteString("CgroupVersion", "1");
            json.WriteString("KernelVersion", "6.1.0-demo");
            json.WriteString("OperatingSystem", "Fleet demo engine");
            json.WriteString("OSVersion", "12");
            json.WriteString("OSType", "linux");
            json.WriteString("Architecture", "x86_64");
            json.WriteNumber("NCPU", DemoHost.Cpus);
            json.WriteNumber("MemTotal", DemoHost.MemoryBytes);
            json.WriteString("DockerRootDir", "/var/lib/docker");
            json.WriteString("Name", DemoHost.Name);
            json.WriteStrings("Labels", HostLabels);
            json.WriteBoolean("ExperimentalBuild", false);
            json.WriteString("ServerVersion", DemoHost.EngineVersion);
            json.WriteStartObject("Swarm");
            json.WriteString("NodeID", "");
            json.WriteString("NodeAddr", "");
            json.WriteString("LocalNodeState", "inactive");
            json.WriteBoolean("ControlAvailable", false);
            json.WriteString("Error", "");
            json.WriteNull("RemoteManagers");
            json.WriteEndObject();
            json.WriteBoolean("LiveRestoreEnabled", false);
            json.WriteStrings("SecurityOptions", []);
            json.WriteNull("Warnings");
            json.WriteEndObject();
        });
}
