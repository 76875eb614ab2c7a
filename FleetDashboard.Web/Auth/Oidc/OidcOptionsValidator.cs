using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Stops the start on a setting that would otherwise fail at the first sign-in. Each message names the setting.</summary>
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
            yield return "Auth:Oidc:Authority is plain http. Use https, or set Auth:Oidc:RequireHttpsMetadata to false where no other "
                + "machine can read the traffic.";
        }
        if (options.ClientId.Length == 0)
        {
            yield return "Auth:Oidc:ClientId is missing. The provider shows it when you register the dashboard there.";
        }
        foreach (var role in options.RoleMap.Keys.Where(role => !Known.Contains(role)))
        {
            yield return $"Auth:Oidc:RoleMap:{role} is not a role. Use {Roles.Viewer} or {Roles.Operator}.";
        }
        var mapped = options.RoleMap.Values.Any(values => values.Count > 0);
        if (mapped && options.RoleClaim.Length == 0)
        {
            yield return "Auth:Oidc:RoleClaim is missing. Name the claim that Auth:Oidc:RoleMap refers to, e.g. groups.";
        }
        if (options.DefaultRole.Length > 0 && !Known.Contains(options.DefaultRole))
        {
            yield return $"Auth:Oidc:DefaultRole must be {Roles.Viewer}, {Roles.Operator} or empty.";
        }
        if (!mapped && options.DefaultRole.Length == 0)
        {
            yield return "Auth:Oidc:RoleMap and Auth:Oidc:DefaultRole are both empty, so no user could see anything. Set RoleClaim and "
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
            yield return "Auth:Oidc:SessionLifetime must be between 00:01:00 and 1.00:00:00.";
        }
    }
}
