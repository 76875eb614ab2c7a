using FleetDashboard.ServiceDefaults;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>Where this process keeps what must survive a restart: the accounts and the keys that sign cookies.</summary>
internal sealed class WebDataOptions
{
    public const string SectionName = "Data";

    public string Path
    {
        get => string.IsNullOrWhiteSpace(field) ? "./data" : field;
        set;
    } = "";

    public string AccountsFile => System.IO.Path.Combine(Path, "accounts.db");

    public string KeysFolder => System.IO.Path.Combine(Path, "keys");

    /// <summary>
    /// Creates the folders and restricts them and their files to their owner. Reading the keys would be enough to forge a cookie.
    /// </summary>
    /// <exception cref="OptionsValidationException">The folders cannot be restricted to their owner.</exception>
    public void Create()
    {
        try
        {
            PrivateFolder.Create(Path, "accounts.db*");
            PrivateFolder.Create(KeysFolder, "*");
        }
        catch (Exception open) when (open is UnauthorizedAccessException or IOException)
        {
            throw new OptionsValidationException(
                SectionName,
                typeof(WebDataOptions),
                [$"Data:Path cannot be used. {open.Message.TrimEnd('.')}."]
            );
        }
    }
}

internal static class DataServices
{
    public static void AddData(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebDataOptions>().BindConfiguration(WebDataOptions.SectionName);

        // The folder is needed before the host starts: Data Protection opens its key store while services are registered.
        var data = builder.Configuration.GetSection(WebDataOptions.SectionName).Get<WebDataOptions>() ?? new WebDataOptions();
        data.Create();
        builder
            .Services.AddDataProtection()
            .SetApplicationName("fleet-dashboard")
            .PersistKeysToFileSystem(new DirectoryInfo(data.KeysFolder));
    }
}
