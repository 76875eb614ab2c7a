using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Writes Config: the settings from the image and from the create call.</summary>
internal static class ConfigJson
{
    public static void Write(Utf8JsonWriter json, ContainerPlan plan)
    {
        json.WriteStartObject("Config");
        json.WriteString("Hostname", plan.Id[..12]);
        json.WriteString("Domainname", "");
        json.WriteString("User", "");
        json.WriteBoolean("AttachStdin", false);
        json.WriteBoolean("AttachStdout", false);
        json.WriteBoolean("AttachStderr", false);
        if (plan.Ports.Length > 0)
        {
            json.WriteStartObject("ExposedPorts");
            foreach (var port in plan.Ports)
            {
                json.WriteEmptyObject(port.Target + "/tcp");
            }

            json.WriteEndObject();
        }

        json.WriteBoolean("Tty", plan.Tty);
        json.WriteBoolean("OpenStdin", false);
        json.WriteBoolean("StdinOnce", false);
        json.WriteStrings("Env", plan.Environment);
        json.WriteStrings("Cmd", CommandLine.Arguments(plan));
        if (plan.HasHealthcheck)
        {
            WriteHealthcheck(json, plan);
        }

        json.WriteString("Image", plan.Image.Name);
        json.WriteNull("Volumes");
        json.WriteString("WorkingDir", "");
        json.WriteStrings("Entrypoint", [CommandLine.Path(plan)]);
        json.WriteNull("OnBuild");
        json.WriteMap("Labels", plan.Labels);
        json.WriteEndObject();
    }

    private static void WriteHealthcheck(Utf8JsonWriter json, ContainerPlan plan)
    {
        json.WriteStartObject("Healthcheck");
        json.WriteStrings(
            "Test",
            plan.Kind switch
            {
                ContainerKind.Postgres => ["CMD-SHELL", "pg_isready"],
                ContainerKind.MariaDb => ["CMD", "healthcheck.sh", "--connect"],
                _ => ["CMD", "/app/probe"],
            }
        );
        // Nanoseconds.
        json.WriteNumber("Interval", HealthState.Interval.Ticks * 100);
        json.WriteNumber("Timeout", TimeSpan.FromSeconds(5).Ticks * 100);
        json.WriteNumber("Retries", HealthState.Retries);
        json.WriteEndObject();
    }
}
