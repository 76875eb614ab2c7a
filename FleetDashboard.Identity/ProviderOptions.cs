using Microsoft.Extensions.Options;

namespace FleetDashboard.Identity;

/// <summary>Whom this provider knows: one dashboard, and the accounts that it begins with.</summary>
internal sealed class ProviderOptions
{
    public const string SectionName = "Identity";

    /// <summary>Where the dashboard's pages are, as a browser sees them.</summary>
    public string DashboardUrl
    {
        get => string.IsNullOrWhiteSpace(field) ? "http://localhost:5080" : field;
        set;
    } = "";

    /// <summary>What the dashboard proves itself by; the same as its <c>Auth:Oidc:ClientSecret</c>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The password of <c>admin</c>, the first operator. Read only while there is no such account.</summary>
    public string AdminPassword { get; set; } = "";

    /// <summary>The same for <c>viewer</c>, who may look; none where it is empty.</summary>
    public string ViewerPassword { get; set; } = "";

    /// <summary>Where accounts and keys lie.</summary>
    public string DataPath
    {
        get => string.IsNullOrWhiteSpace(field) ? "./data" : field;
        set;
    } = "";
}

/// <summary>Each message names the setting.</summary>
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
                $"Identity:ClientSecret needs {MinSecretLength} characters or more; give the dashboard the same as Auth:Oidc:ClientSecret."
            );
        }
        if (options.AdminPassword.Length < MinPasswordLength)
        {
            failures.AddError($"Identity:AdminPassword needs {MinPasswordLength} characters or more.");
        }
        if (options.ViewerPassword.Length is > 0 and < MinPasswordLength)
        {
            failures.AddError($"Identity:ViewerPassword needs {MinPasswordLength} characters or more, or none.");
        }
        return failures.Build();
    }
}
