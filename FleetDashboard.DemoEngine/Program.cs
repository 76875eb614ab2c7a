using FleetDashboard.DemoEngine.Hosting;
using Microsoft.Extensions.Options;

if (args is ["--probe", var endpoint])
{
    return (int)await EngineProbe.ProbeAsync(endpoint, TimeProvider.System);
}

try
{
    var app = await DemoEngineApp.BuildAsync(args);
    await app.RunAsync();
    return 0;
}
catch (Exception ex) when (ex is OptionsValidationException or SocketTakenException)
{
    // An invalid setting is reported as a sentence. A stack trace would not help to correct it.
    await Console.Error.WriteLineAsync(ex.Message);
    return 1;
}
