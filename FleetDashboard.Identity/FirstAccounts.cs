using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Identity;

/// <summary>Before the first request, creates the roles, the first operator and, if configured, a viewer.</summary>
internal sealed class FirstAccounts(IServiceScopeFactory scopes, IOptions<ProviderOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IdentityAccountsDb>().Database.EnsureCreatedAsync(cancellationToken);
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        await AddAsync(roles, users, "admin", options.Value.AdminPassword, Roles.Operator);
        await AddAsync(roles, users, "viewer", options.Value.ViewerPassword, Roles.Viewer);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task AddAsync(
        RoleManager<IdentityRole> roles,
        UserManager<IdentityUser> users,
        string name,
        string password,
        string role
    )
    {
        if (!await roles.RoleExistsAsync(role))
        {
            Demand(await roles.CreateAsync(new IdentityRole(role)));
        }
        if (password.Length > 0 && await users.FindByNameAsync(name) is null)
        {
            var user = new IdentityUser(name);
            Demand(await users.CreateAsync(user, password));
            Demand(await users.AddToRoleAsync(user, role));
        }
    }

    private static void Demand(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new OptionsValidationException(
                ProviderOptions.SectionName,
                typeof(ProviderOptions),
                result.Errors.Select(error => error.Description)
            );
        }
    }
}
