using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace FleetDashboard.AppHost;

/// <summary>
/// Secrets of the published deployment: files in the folder <c>secrets</c> beside the Compose file (or the folder in <c>FLEET_SECRETS</c>),
/// with the same names as for deploy/compose.yaml. An Aspire parameter would become a container variable, which <c>docker inspect</c>
/// shows, and would be stored in <c>.env</c>.
/// </summary>
internal static class SecretFile
{
    public const string Shared = "shared_secret";
    public const string AdminPassword = "admin_password";
    public const string MetricsToken = "metrics_token";

    /// <summary>The program reads the file that the setting with <c>_FILE</c> names.</summary>
    public static IResourceBuilder<ProjectResource> WithSecret(
        this IResourceBuilder<ProjectResource> project,
        string setting,
        string secret
    ) => project.WithEnvironment($"{setting}_FILE", $"/run/secrets/{secret}");

    public static void Hand(this Service service, params string[] secrets) =>
        service.Secrets.AddRange(secrets.Select(secret => new SecretReference { Source = secret, Target = secret }));

    public static void Declare(ComposeFile file)
    {
        foreach (var secret in new[] { Shared, AdminPassword, MetricsToken })
        {
            file.Secrets[secret] = new Secret { File = $"{Deployment.Setting("FLEET_SECRETS", "./secrets")}/{secret}" };
        }
    }
}
