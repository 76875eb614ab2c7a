using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// Reads <c>Auth:Oidc:RoleMap</c>. Each role has a comma-separated string, or a list whose items may contain commas themselves, as LDAP
/// names do.
/// </summary>
internal sealed class RoleLists(IConfiguration configuration) : IPostConfigureOptions<OidcOptions>
{
    public void PostConfigure(string? name, OidcOptions options) =>
        options.RoleMap = configuration
            .GetSection($"{OidcOptions.SectionName}:RoleMap")
            .GetChildren()
            .ToDictionary(role => role.Key, Values);

    private static IReadOnlySet<string> Values(IConfigurationSection role)
    {
        var texts = role.Value?.Split(',') ?? role.GetChildren().Select(element => element.Value ?? "");
        return texts.Select(text => text.Trim()).Where(text => text.Length > 0).ToHashSet(StringComparer.Ordinal);
    }
}
