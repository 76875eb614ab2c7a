using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Runs before the first request. Migrates the accounts database and creates the first operator if there is no account and no OpenID
/// Connect provider is configured.
/// </summary>
internal sealed class FirstOperator(
    IServiceScopeFactory scopes,
    IOptions<AccountsOptions> options,
    IOptions<WebDataOptions> data,
    SignInMethod method
) : IHostedLifecycleService
{
    public const string UserName = "admin";

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountsDb>().Database.MigrateAsync(cancellationToken);
        data.Value.Create(); // again, to restrict access to the database file created just now
        if (!method.IsLocal)
        {
            return;
        }
        await AddRolesAsync(scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>());

        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        if (!await users.Users.AnyAsync(cancellationToken))
        {
            await AddAdminAsync(users);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task AddRolesAsync(RoleManager<IdentityRole> roles)
    {
        foreach (var name in new[] { Roles.Viewer, Roles.Operator })
        {
            if (!await roles.RoleExistsAsync(name))
            {
                ThrowIfFailed(await roles.CreateAsync(new IdentityRole(name)), $"The role {name} could not be created");
            }
        }
    }

    private async Task AddAdminAsync(UserManager<IdentityUser> users)
    {
        var configured = options.Value.AdminPassword;
        var generated = string.IsNullOrEmpty(configured);
        var password = generated ? GeneratedPassword.New() : configured!;
        var admin = new IdentityUser(UserName) { LockoutEnabled = true };

        ThrowIfFailed(await users.CreateAsync(admin, password), "Accounts:AdminPassword (FLEET_ADMIN_PASSWORD) was rejected");
        ThrowIfFailed(await users.AddToRoleAsync(admin, Roles.Operator), $"{UserName} could not be given the operator role");
        if (generated)
        {
            // Written to the console, not to the log: logs are shipped and kept, and the password is shown only once.
            Console.WriteLine($"First operator: {UserName}, password: {password}");
        }
    }

    private static void ThrowIfFailed(IdentityResult result, string what)
    {
        if (!result.Succeeded)
        {
            throw new OptionsValidationException(
                AccountsOptions.SectionName,
                typeof(AccountsOptions),
                [$"{what}: {string.Join(" ", result.Errors.Select(error => error.Description))}"]
            );
        }
    }
}
