using System.Text.Json;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Maps a provider's claims to a role: operator, viewer or none.</summary>
internal sealed class RoleMapping(IOptions<OidcOptions> options)
{
    private const string Email = "email";
    private const int MaxValue = 1024;
    private const int MaxValues = 2000;

    /// <summary>The highest role that any of the documents (id token, userinfo) gives.</summary>
    public string? RoleOf(IEnumerable<JsonElement> documents)
    {
        var settings = options.Value;
        var values =
            settings.RoleClaim.Length == 0
                ? []
                : documents.SelectMany(document => Values(document, settings)).ToHashSet(StringComparer.Ordinal);
        return Has(Roles.Operator) ? Roles.Operator
            : Has(Roles.Viewer) ? Roles.Viewer
            : settings.DefaultRole.Length > 0 ? settings.DefaultRole
            : null;

        // Groups are compared case-sensitively. The case of an e-mail address does not matter.
        bool Has(string role) =>
            settings.RoleMap.TryGetValue(role, out var wanted)
            && wanted.Any(value =>
                IsEmail(settings.RoleClaim) ? values.Contains(value, StringComparer.OrdinalIgnoreCase) : values.Contains(value)
            );
    }

    /// <summary>The values of the role claim, in every form in which providers write a list.</summary>
    public static IEnumerable<string> Values(JsonElement document, OidcOptions settings)
    {
        if (Find(document, settings.RoleClaim, settings.RoleClaimIsJson) is not var (holder, found))
        {
            return [];
        }

        // An e-mail address counts only if the same document says that it is verified. Otherwise a user could have entered any address.
        var counts =
            !IsEmail(settings.RoleClaim)
            || settings.TrustEmail
            || (holder.TryGetProperty("email_verified", out var verified) && IsTrue(verified));
        return counts ? Texts(found, settings.RoleClaimIsJson).Where(text => text.Length <= MaxValue).Take(MaxValues) : [];
    }

    private static bool IsEmail(string claim) => claim == Email || claim.EndsWith($".{Email}", StringComparison.Ordinal);

    // Try the whole name first: Auth0's claim names are URLs, which contain dots.
    private static (JsonElement Holder, JsonElement Value)? Find(JsonElement from, string path, bool isJson)
    {
        if (from.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        if (from.TryGetProperty(path, out var found))
        {
            return (from, found);
        }
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = path.IndexOf('.', dot + 1))
        {
            if (
                from.TryGetProperty(path[..dot], out var inner)
                && Find(isJson ? ParseJsonText(inner) : inner, path[(dot + 1)..], isJson) is { } deeper
            )
            {
                return deeper;
            }
        }
        return null;
    }

    private static IEnumerable<string> Texts(JsonElement value, bool isJson) =>
        (isJson ? ParseJsonText(value) : value) switch
        {
            { ValueKind: JsonValueKind.Array } array => array
                .EnumerateArray()
                .Where(element => element.ValueKind == JsonValueKind.String)
                .Select(element => element.GetString()!),
            { ValueKind: JsonValueKind.String } text => [text.GetString()!], // One value: group names may contain spaces.
            _ => [],
        };

    // Only used when Auth:Oidc:RoleClaimIsJson is set.
    private static JsonElement ParseJsonText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not ['[' or '{', ..] text)
        {
            return value;
        }
        try
        {
            using var inner = JsonDocument.Parse(text);
            return inner.RootElement.Clone();
        }
        catch (JsonException)
        {
            return value; // a name that only starts like JSON
        }
    }

    private static bool IsTrue(JsonElement value) =>
        value.ValueKind == JsonValueKind.True
        || (value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out var parsed) && parsed);
}
