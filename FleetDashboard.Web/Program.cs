using FleetDashboard.ServiceDefaults;
using FleetDashboard.Web;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Passkeys;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components;
using FleetDashboard.Web.Components.Pages.Account;
using FleetDashboard.Web.Logs;
using Microsoft.Extensions.Options;

if (args is [HealthCommand.Name])
{
    return await HealthCommand.RunAsync(HealthCommand.Settings(), Console.Error);
}

try
{
    var builder = WebApplication.CreateBuilder(args);

    builder.Configuration.AddSecretFiles();
    builder.AddServiceDefaults();
    builder.AddRequestLimits(maxBodyBytes: 64 * 1024); // the largest legitimate body is a passkey response
    builder.AddSecurityHeaders();
    builder.AddListedProxies();
    builder.AddData();
    builder.AddAccounts();
    builder.AddCollectors();
    builder.AddLogs();
    builder.AddPages();
    builder.AddOpenPages();

    await using var app = builder.Build();

    app.CheckSettings();

    app.UseRequestLimits();
    app.UseListedProxies();
    app.UseOriginCheck();
    app.UseErrorPages();
    app.UseRouting(); // must run after the path prefix was removed from the address
    app.UseSignInMethod();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseOpenPages();
    app.UseAntiforgery();

    app.MapDefaultEndpoints();
    app.MapSignOut();
    app.MapPasskeys();
    app.MapLogs();
    app.MapPages();

    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException invalid)
{
    return Startup.Explain(invalid);
}
