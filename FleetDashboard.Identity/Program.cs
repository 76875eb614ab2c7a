// An OpenID Connect provider for developers: Duende IdentityServer over ASP.NET Core Identity, with the dashboard as its only client. The
// AppHost runs it, and no image contains it. Its packages are not in every copy of the registry, so the solution lists this project without
// building it.
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
    Licence.Log(app.Logger);

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
