using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Audit;

internal static class AuditServices
{
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<CollectorDataOptions>().Bind(builder.Configuration.GetSection(CollectorDataOptions.SectionName));
        builder.Services.AddOptions<AuditOptions>().Bind(builder.Configuration.GetSection(AuditOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<AuditReader>();
        builder.Services.AddHostedService<AuditMaintenance>();
    }
}
