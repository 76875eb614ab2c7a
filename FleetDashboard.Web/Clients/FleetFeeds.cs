using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Clients;

/// <summary>All feeds, one for each Collector, started and stopped with the process.</summary>
internal sealed class FleetFeeds(IEnumerable<FleetFeed> feeds) : BackgroundService
{
    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<FleetFeed> All { get; } = [.. feeds];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(All.Select(feed => feed.RunAsync(stoppingToken)));
}

internal static class CollectorServices
{
    public static void AddCollectors(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<CollectorsOptions>, CollectorsOptionsValidator>();
        services.AddOptions<CollectorsOptions>().BindConfiguration(CollectorsOptions.SectionName).ValidateOnStart();
        services.AddSingleton<CollectorTokens>();
        services.AddSingleton(Compose);
        services.AddHostedService(provider => provider.GetRequiredService<FleetFeeds>());

        // No deadline of the client: it would end a stream that is well. The feed's watchdog covers connecting, headers and body.
        services.AddHttpClient(FleetFeed.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(Handler);

        AddActions(services);

        // Questions have deadlines, and are asked again where that does no harm.
        services.AddSingleton<CollectorClient>();
        services.AddSingleton<AppHistories>();
        services.AddHttpClient(CollectorClient.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .AddStandardResilienceHandler(resilience =>
            {
                resilience.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(8);
                resilience.AttemptTimeout.Timeout = TimeSpan.FromSeconds(3);
                resilience.Retry.MaxRetryAttempts = 2;
                resilience.Retry.Delay = TimeSpan.FromMilliseconds(300);
                resilience.Retry.DisableForUnsafeHttpMethods();
            });
    }

    /// <summary>Acting, and what comes of it.</summary>
    private static void AddActions(IServiceCollection services)
    {
        services.AddSingleton<ActionsClient>();
        services.AddSingleton<JobFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<JobFeed>());
        services.AddSingleton<TrailPages>();
        // Nothing here asks twice by itself: a token that acts is good for one request, and whether to ask again is the user's decision.
        services.AddHttpClient(ActionsClient.HttpClientName, client => client.Timeout = ActionsClient.Deadline)
            .ConfigurePrimaryHttpMessageHandler(Handler);
    }

    private static SocketsHttpHandler Handler() => new() { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };

    private static FleetFeeds Compose(IServiceProvider services)
    {
        var hosts = services.GetRequiredService<IOptions<CollectorsOptions>>().Value.Hosts;
        return new FleetFeeds(hosts.Select(host => ActivatorUtilities.CreateInstance<FleetFeed>(services, host, FeedTimings.Default)));
    }
}
