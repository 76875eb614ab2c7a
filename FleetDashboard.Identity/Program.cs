// An OpenID Connect provider for developers: Duende IdentityServer over ASP.NET Core Identity's accounts, with the dashboard as its one
// client. The AppHost
// runs it; no image contains it. Not in every copy of the package registry, so the solution lists this project without building it.
using FleetDashboard.Identity;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateBuilder(args);

    builder.Configuration.AddSecretFiles();
    builder.AddServiceDefaults();
    builder.AddAccounts();
    builder.AddProvider();
    builder.Services.AddRazorPages();

    await using var app = builder.Build();

    app.CheckSettings();
    Licence.Tell(app.Logger);

    app.UseStaticFiles();
    app.UseRouting();
    app.UseIdentityServer(); // authenticates too
    app.UseAuthorization();

    app.MapDefaultEndpoints();
    app.MapRazorPages();

    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException invalid)
{
    foreach (var failure in invalid.Failures)
    {
        Console.Error.WriteLine($"The identity provider cannot start: {failure}");
    }

    return 1;
}
