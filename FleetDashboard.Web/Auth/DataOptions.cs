using Microsoft.AspNetCore.DataProtection;

namespace FleetDashboard.Web.Auth;

/// <summary>Where this process keeps what must survive a restart: the accounts and the keys that sign cookies.</summary>
internal sealed class DataOptions
{
    public const string SectionName = "Data";

    public string Path { get => string.IsNullOrWhiteSpace(field) ? "./data" : field; set; } = "";

    public string AccountsFile => System.IO.Path.Combine(Path, "accounts.db");

    public string KeysFolder => System.IO.Path.Combine(Path, "keys");

    /// <summary>Makes the folder for its owner alone: who reads the keys can forge a cookie.</summary>
    public void Create() => CreatePrivate(Path);

    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, Owner);
    }
}


internal static class DataServices
{
    public static void AddData(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DataOptions>().BindConfiguration(DataOptions.SectionName);

        // The folder is asked for before the host starts, since Data Protection opens its repository while services are composed.
        var data = builder.Configuration.GetSection(DataOptions.SectionName).Get<DataOptions>() ?? new DataOptions();
        data.Create();
        DataOptions.CreatePrivate(data.KeysFolder);
        builder.Services.AddDataProtection()
            .SetApplicationName("fleet-dashboard")
            .PersistKeysToFileSystem(new DirectoryInfo(data.KeysFolder));
    }
}
