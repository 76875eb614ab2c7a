using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Actions.Recreate;
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

        // Every action, in the order of the menu.
        builder.Services.AddSingleton<IFleetAction, RestartAction>();
        builder.Services.AddSingleton<IFleetAction, PullAction>();
        builder.Services.AddSingleton<IFleetAction, UpdateAction>();
        builder.Services.AddSingleton<IFleetAction, RebuildAction>();
        builder.Services.AddSingleton<ActionList>();

        builder.Services.AddSingleton<JobStore>();
        builder.Services.AddSingleton<JobCompletion>();
        builder.Services.AddSingleton<JobSubmission>();
        builder.Services.AddSingleton<JobRecovery>();
        builder.Services.AddHostedService<JobRunner>();
    }
}
