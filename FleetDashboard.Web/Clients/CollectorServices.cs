using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Clients;

/// <summary>Everything that talks to Collectors.</summary>
internal static class CollectorServices
{
    public static void AddCollectors(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<CollectorsOptions>, CollectorsOptionsValidator>();
        services.AddOptions<CollectorsOptions>().BindConfiguration(CollectorsOptions.SectionName).ValidateOnStart();
        services.AddSingleton<CollectorTokens>();
        services.AddSingleton<ResolveName>(Dns.GetHostAddressesAsync);
        services.AddSingleton<ViewerCount>();
        services.AddSingleton<HostDiscovery>();
        services.AddSingleton<Func<CollectorHostOptions, HostFeed>>(provider =>
            host => ActivatorUtilities.CreateInstance<HostFeed>(provider, host, FeedTimings.Default)
        );
        services.AddSingleton<FleetHosts>();
        services.AddHostedService(provider => provider.GetRequiredService<FleetHosts>());

        // No timeout of the client: it would end a healthy stream. The feed's watchdog covers connecting, headers and body.
        services
            .AddHttpClient(HostFeed.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(Handler);

        services
            .AddHttpClient(HostFeed.CompressedHttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
            {
                var handler = Handler();
                handler.AutomaticDecompression = DecompressionMethods.GZip;
                return handler;
            });

        AddActions(services);

        // Requests have deadlines and are retried where that is safe. Each Collector has its own pipeline, so that a failing one does not
        // block requests to another.
        services.AddSingleton<CollectorClient>();
        services.AddSingleton<AppHistories>();
        services
            .AddHttpClient(CollectorClient.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .AddStandardResilienceHandler(resilience =>
            {
                resilience.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(8);
                resilience.AttemptTimeout.Timeout = TimeSpan.FromSeconds(3);
                resilience.Retry.MaxRetryAttempts = 2;
                resilience.Retry.Delay = TimeSpan.FromMilliseconds(300);
                resilience.Retry.DisableForUnsafeHttpMethods();
            })
            .SelectPipelineByAuthority();
    }

    /// <summary>Requests to act, and the jobs that follow.</summary>
    private static void AddActions(IServiceCollection services)
    {
        services.AddSingleton<ActionsClient>();
        services.AddSingleton<AccountTrail>();
        services.AddSingleton<JobFeed>();
        services.AddSingleton<TrailPages>();
        services.AddSingleton<FleetTrail>();
        // No retries here: a token that acts is good for one request, and the user decides whether to try again.
        services
            .AddHttpClient(ActionsClient.HttpClientName, client => client.Timeout = ActionsClient.Deadline)
            .ConfigurePrimaryHttpMessageHandler(Handler);
    }

    private static SocketsHttpHandler Handler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
}
