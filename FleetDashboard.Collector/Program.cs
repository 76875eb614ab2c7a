using FleetDashboard.Collector;
using Microsoft.Extensions.Options;

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
