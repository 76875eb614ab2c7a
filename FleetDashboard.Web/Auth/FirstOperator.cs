using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Before the first request: brings the accounts' schema up to date and, where nobody has an account and no provider vouches for anybody,
/// makes the first operator.
/// </summary>
internal sealed class FirstOperator(
    IServiceScopeFactory scopes,
    IOptions<AccountsOptions> options,
    IOptions<WebDataOptions> data,
    SignInWay way
) : IHostedLifecycleService
{
    public const string UserName = "admin";

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountsDb>().Database.MigrateAsync(cancellationToken);
        data.Value.Create(); // again, for the file that was made just now
        if (!way.IsLocal)
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
                Demand(await roles.CreateAsync(new IdentityRole(name)), $"The role {name} could not be made");
            }
        }
    }

    private async Task AddAdminAsync(UserManager<IdentityUser> users)
    {
        var configured = options.Value.AdminPassword;
        var generated = string.IsNullOrEmpty(configured);
        var password = generated ? GeneratedPassword.New() : configured!;
        var admin = new IdentityUser(UserName) { LockoutEnabled = true };

        Demand(await users.CreateAsync(admin, password), "Accounts:AdminPassword (FLEET_ADMIN_PASSWORD) was refused");
        Demand(await users.AddToRoleAsync(admin, Roles.Operator), $"{UserName} could not be made operator");
        if (generated)
        {
            // On the console and not in the log: logs are shipped and kept, and this is said once.
            Console.WriteLine($"First operator: {UserName}, password: {password}");
        }
    }

    private static void Demand(IdentityResult result, string what)
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
