using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.AppHost.Tests;

/// <summary>
/// The AppHost's model for a developer's machine, composed as its program does but never started: no orchestrator and no engine.
/// </summary>
internal sealed class Model : IAsyncDisposable
{
    private readonly DistributedApplication _app;

    private Model(DistributedApplication app) => _app = app;

    public IReadOnlyList<IResource> Resources => [.. _app.Services.GetRequiredService<DistributedApplicationModel>().Resources];

    public static Model Compose(params string[] arguments)
    {
        // A missing engine makes the model the same on every machine. Secrets are passed in, so that none is written to the user secrets.
        string[] all =
        [
            .. arguments,
            "--DOCKER_HOST=unix:///nowhere/docker.sock",
            .. Secrets.Select(name => $"--Parameters:{name}=a-password-of-the-tests"),
        ];
        return new(Build(all));
    }

    /// <summary>Does what the AppHost's program does, except for starting it.</summary>
    public static DistributedApplication Build(string[] arguments)
    {
        var builder = DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions
            {
                Args = arguments,
                AssemblyName = typeof(Fleet).Assembly.GetName().Name,
                DisableDashboard = true,
            }
        );
        builder.AddFleet();
        return builder.Build();
    }

    public IResource this[string name] => Resources.Single(resource => resource.Name == name);

    /// <summary>The resources whose health or start a resource waits for.</summary>
    public string[] WaitsFor(string name) =>
        [.. this[name].Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Order()];

    /// <summary>The variables as the model defines them: parameters and endpoints by name, not resolved.</summary>
    public async Task<Dictionary<string, object>> EnvironmentAsync(string name)
    {
        var (resource, variables) = (this[name], new Dictionary<string, object>());
        var context = new EnvironmentCallbackContext(
            _app.Services.GetRequiredService<DistributedApplicationExecutionContext>(),
            resource,
            variables,
            TestContext.Current.CancellationToken
        );
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }
        return variables;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static readonly string[] Secrets =
    [
        "shared-secret",
        "admin-password",
        "viewer-password",
        "oidc-client-secret",
        "metrics-token",
    ];
}
