using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Refuses to start on a setting that could only fail when somebody signs in, and says which one.</summary>
internal sealed class OidcOptionsValidator : IValidateOptions<OidcOptions>
{
    private static readonly string[] Prompts = [OidcOptions.PromptLogin, "select_account", "consent"];
    private static readonly string[] Known = [Roles.Viewer, Roles.Operator];

    public ValidateOptionsResult Validate(string? name, OidcOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(OidcOptions options)
    {
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || authority.Scheme is not ("http" or "https"))
        {
            yield return "Auth:Oidc:Authority must be the provider's https address, the part before /.well-known/openid-configuration.";
        }
        else if (authority.Scheme == "http" && options.NeedsHttps)
        {
            yield return "Auth:Oidc:Authority is plain http. Use https, or set Auth:Oidc:RequireHttpsMetadata to false where nobody "
                + "else is on the way.";
        }
        if (options.ClientId.Length == 0)
        {
            yield return "Auth:Oidc:ClientId is missing: the provider gives it when this page is registered there.";
        }
        foreach (var role in options.RoleMap.Keys.Where(role => !Known.Contains(role)))
        {
            yield return $"Auth:Oidc:RoleMap:{role} is no role: there are {Roles.Viewer} and {Roles.Operator}.";
        }
        var mapped = options.RoleMap.Values.Any(values => values.Count > 0);
        if (mapped && options.RoleClaim.Length == 0)
        {
            yield return "Auth:Oidc:RoleClaim is missing: name the claim that Auth:Oidc:RoleMap speaks of, e.g. groups.";
        }
        if (options.DefaultRole.Length > 0 && !Known.Contains(options.DefaultRole))
        {
            yield return $"Auth:Oidc:DefaultRole must be {Roles.Viewer}, {Roles.Operator} or empty.";
        }
        if (!mapped && options.DefaultRole.Length == 0)
        {
            yield return "Auth:Oidc:RoleMap is empty and so is Auth:Oidc:DefaultRole, so nobody could see anything: set RoleClaim and "
                + "RoleMap:operator.";
        }
        if (!Prompts.Contains(options.PromptAfterSignOut))
        {
            yield return $"Auth:Oidc:PromptAfterSignOut must be one of {string.Join(", ", Prompts)}.";
        }
        if (
            options.ClientAuthentication
            is not (OidcOptions.AutoAuthentication or OidcOptions.BasicAuthentication or OidcOptions.PostAuthentication)
        )
        {
            yield return $"Auth:Oidc:ClientAuthentication is '{options.ClientAuthentication}'. Set it to auto, basic or post.";
        }
        if (options.SessionLifetime < TimeSpan.FromMinutes(1) || options.SessionLifetime > TimeSpan.FromDays(1))
        {
            yield return "Auth:Oidc:SessionLifetime must lie between 00:01:00 and 1.00:00:00.";
        }
    }
}
