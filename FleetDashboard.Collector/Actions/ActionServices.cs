using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

internal static class ActionServices
{
    public static void AddActions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ActionOptions>().Bind(builder.Configuration.GetSection(ActionOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ActionOptions>, ActionOptionsValidator>();
        builder.Services.AddSingleton<OwnContainer>();
        builder.Services.AddSingleton<TargetBook>();
        builder.Services.AddSingleton<SpentTokens>();
        builder.Services.AddSingleton<RegistryCredentials>();
        builder.Services.AddSingleton<ActionMetrics>();

        // One line for each thing that can be done.
        builder.Services.AddSingleton<IFleetAction, RestartAction>();
        builder.Services.AddSingleton<IFleetAction, PullAction>();
        builder.Services.AddSingleton<ActionList>();

        builder.Services.AddSingleton<JobBook>();
        builder.Services.AddSingleton<JobEnding>();
        builder.Services.AddSingleton<JobDesk>();
        builder.Services.AddSingleton<JobRecovery>();
        builder.Services.AddHostedService<JobRunner>();
    }
}
