using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Identity;

/// <summary>Registers ASP.NET Core Identity: accounts, roles, lockout and a cookie.</summary>
internal static class IdentityAccounts
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<ProviderOptions>, ProviderOptionsValidator>();
        services.AddOptions<ProviderOptions>().BindConfiguration(ProviderOptions.SectionName).ValidateOnStart();

        var data = builder.DataPath();
        services
            .AddDataProtection()
            .SetApplicationName("fleet-identity")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(data, "keys")));
        services.AddDbContext<IdentityAccountsDb>(options => options.UseSqlite($"Data Source={Path.Combine(data, "identity.db")}"));
        services
            .AddIdentity<IdentityUser, IdentityRole>(options =>
            {
                options.Password.RequiredLength = ProviderOptionsValidator.MinPasswordLength;
                options.Password.RequireDigit =
                    options.Password.RequireLowercase =
                    options.Password.RequireUppercase =
                    options.Password.RequireNonAlphanumeric =
                        false;
                options.Password.RequiredUniqueChars = 1;
            })
            .AddEntityFrameworkStores<IdentityAccountsDb>();
        services.AddHostedService<FirstAccounts>();
    }

    /// <summary>The data folder, created with access for its owner only: reading its keys allows signing in as any user.</summary>
    public static string DataPath(this WebApplicationBuilder builder)
    {
        var path = (builder.Configuration.GetSection(ProviderOptions.SectionName).Get<ProviderOptions>() ?? new()).DataPath;
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path).FullName : Directory.CreateDirectory(path, Owner).FullName;
    }
}
