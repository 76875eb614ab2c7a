namespace FleetDashboard.AppHost;

/// <summary>The parts and how they hang together: apart from the program, so that tests compose it and start nothing.</summary>
internal static class Fleet
{
    public static void AddFleet(this IDistributedApplicationBuilder builder)
    {
        // The only process on the engine's socket.
        var collector = builder
            .AddProject<Projects.FleetDashboard_Collector>("collector")
            .WithEnvironment("Fleet__Optional", "true")
            .WithEnvironment("Auth__Audience", "collector")
            .WithHttpHealthCheck("/health")
            .DisableForwardedHeaders();

        // The page. It knows the Collector's address and the secret, and nothing of the engine.
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
