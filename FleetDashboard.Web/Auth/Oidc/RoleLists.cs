using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// Reads <c>Auth:Oidc:RoleMap</c>: for each role one text with commas, or a list, whose elements may hold commas themselves (LDAP's names
/// do).
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
