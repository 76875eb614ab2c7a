using Microsoft.Extensions.Options;

namespace FleetDashboard.Identity;

/// <summary>Settings of the provider: its only client, the dashboard, and the first accounts.</summary>
internal sealed class ProviderOptions
{
    public const string SectionName = "Identity";

    /// <summary>The dashboard's address, as a browser sees it.</summary>
    public string DashboardUrl
    {
        get => string.IsNullOrWhiteSpace(field) ? "http://localhost:5080" : field;
        set;
    } = "";

    /// <summary>The dashboard's client secret. Must equal its <c>Auth:Oidc:ClientSecret</c>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The password of <c>admin</c>, the first operator. Read only while this account does not exist.</summary>
    public string AdminPassword { get; set; } = "";

    /// <summary>The same for <c>viewer</c>, a viewer. If empty, there is no such account.</summary>
    public string ViewerPassword { get; set; } = "";

    /// <summary>The folder of the accounts and keys.</summary>
    public string DataPath
    {
        get => string.IsNullOrWhiteSpace(field) ? "./data" : field;
        set;
    } = "";
}

/// <summary>Checks the settings. Each message names the setting.</summary>
internal sealed class ProviderOptionsValidator : IValidateOptions<ProviderOptions>
{
    public const int MinPasswordLength = 10;
    private const int MinSecretLength = 16;

    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        var failures = new ValidateOptionsResultBuilder();
        if (!Uri.TryCreate(options.DashboardUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            failures.AddError("Identity:DashboardUrl must be the dashboard's address as a browser sees it.");
        }
        if (options.ClientSecret.Length < MinSecretLength)
        {
            failures.AddError(
                $"Identity:ClientSecret needs {MinSecretLength} characters or more. "
                    + $"Set the dashboard's Auth:Oidc:ClientSecret to the same value."
            );
        }
        if (options.AdminPassword.Length < MinPasswordLength)
        {
            failures.AddError($"Identity:AdminPassword needs {MinPasswordLength} characters or more.");
        }
        if (options.ViewerPassword.Length is > 0 and < MinPasswordLength)
        {
            failures.AddError(
                $"Identity:ViewerPassword needs {MinPasswordLength} characters or more. " + $"Leave it empty for no viewer account."
            );
        }
        return failures.Build();
    }
}
