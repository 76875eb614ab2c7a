using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

internal static class ActionServices
{
    public static void AddActions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ActionOptions>().Bind(builder.Configuration.GetSection(ActionOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ActionOptions>, ActionOptionsValidator>();
        builder.Services.AddSingleton<OwnContainer>();
        builder.Services.AddSingleton<ActionTargets>();
        builder.Services.AddSingleton<ActionRulings>();
        builder.Services.AddSingleton<UsedTokenIds>();
        builder.Services.AddSingleton<RegistryCredentials>();
        builder.Services.AddSingleton<ActionMetrics>();

        // One line for each thing that can be done.
        builder.Services.AddSingleton<IFleetAction, RestartAction>();
        builder.Services.AddSingleton<IFleetAction, PullAction>();
        builder.Services.AddSingleton<ActionList>();

        builder.Services.AddSingleton<JobStore>();
        builder.Services.AddSingleton<JobCompletion>();
        builder.Services.AddSingleton<JobSubmission>();
        builder.Services.AddSingleton<JobRecovery>();
        builder.Services.AddHostedService<JobRunner>();
    }
}
