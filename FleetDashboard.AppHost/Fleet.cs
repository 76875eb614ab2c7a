namespace FleetDashboard.AppHost;

/// <summary>The parts and their connections. Separate from the program, so that tests can compose them without starting anything.</summary>
internal static class Fleet
{
    public static void AddFleet(this IDistributedApplicationBuilder builder)
    {
        // Only the Collector has access to the engine's socket.
        var collector = builder
            .AddProject<Projects.FleetDashboard_Collector>("collector")
            .WithEnvironment("Fleet__Optional", "true")
            .WithEnvironment("Auth__Audience", "collector")
            .WithHttpHealthCheck("/health")
            .DisableForwardedHeaders();

        // Web has the Collector's address and the secret, but no access to the engine.
        var web = builder
            .AddProject<Projects.FleetDashboard_Web>("web")
            .WithReference(collector)
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ServiceDiscovery)
            .WithEnvironment("Collectors__Hosts__0__Url", "http://collector")
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Fleet")
            .WaitFor(collector)
            .DisableForwardedHeaders();

        if (builder.ExecutionContext.IsPublishMode)
        {
            builder.Publish(collector, web);
        }
        else
        {
            web.WithExternalHttpEndpoints();
            builder.AddEngine(collector);
            builder.ShareSecret(collector, web);
            builder.AddSignIn(web);
            builder.AddPrometheus(collector);
            builder.KeepData(collector, web);
        }
    }
}
