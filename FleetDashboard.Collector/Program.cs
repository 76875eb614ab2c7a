using FleetDashboard.Collector;
using FleetDashboard.Collector.Audit;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

if (args is [VerifyCommand.Name, .. var rest])
{
    return VerifyCommand.Run(rest, Console.Out);
}

if (args is [HealthCommand.Name])
{
    return await HealthCommand.RunAsync(HealthCommand.Settings(), Console.Error);
}

try
{
    await using var app = CollectorApp.Build(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException invalid)
{
    Console.Error.WriteLine("The Collector does not start. " + string.Join(' ', invalid.Failures));
    return 1;
}
catch (TrailInUseException inUse)
{
    Console.Error.WriteLine("The Collector does not start. " + inUse.Message);
    return 1;
}
