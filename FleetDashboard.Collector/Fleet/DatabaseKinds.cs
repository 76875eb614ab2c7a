using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// Finds databases: by image, by the program that runs, by label, by name, and last by volumes and ports. In doubt a container counts as a
/// database: the only consequence is that it is protected.
/// </summary>
internal static class DatabaseKinds
{
    private const string DatabaseLabel = "fleet.database";

    // What an image says about itself: its title, and the image it was built from.
    private static readonly string[] OriginLabels =
    [
        "org.opencontainers.image.base.name",
        "org.opencontainers.image.title",
        "org.label-schema.name",
    ];

    // Vendors most of whose images are not databases.
    private static readonly string[] ManyProducts = ["percona", "prometheus", "loki"];

    // The last part of an image's name where the part before it names the product, as in mcr.microsoft.com/mssql/server.
    private static readonly string[] Editions = ["server", "community", "enterprise", "standalone", "cluster", "database", "db", "core"];

    private static readonly char[] WordEnds = ['-', '_', '.'];

    /// <summary>postgresql, mysql, mariadb, redis, valkey or mongodb; null where the image does not show it.</summary>
    public static string? KindOf(ContainerFacts container) => ProductOf(container.Image)?.Kind;

    /// <summary>Why it counts as a database; null where it does not.</summary>
    public static string? ReasonOf(ContainerFacts container, string service)
    {
        if (ProductOf(container.Image) is { } product)
        {
            return $"{product.Name} {product.What}, by its image";
        }

        // The program that runs counts more than a tool's name.
        if (container.DatabaseTrace is { } trace)
        {
            return $"{DisplayName(trace)} database, by what runs in it";
        }

        if (ByLabel(container.ReportedLabels ?? container.Labels) is { } labelled)
        {
            return labelled;
        }

        if (IsTool(ImageName.Parse(container.Image.ToLowerInvariant()).Path.Split('/')))
        {
            return null;
        }

        return IsNamedLikeOne(service) ? "database, by its name"
            : container.DatabaseHint is { } hint ? $"probably a {DisplayName(hint)} database, by its volumes or ports"
            : null;
    }

    /// <summary>The product that an image's reference names; null for tools and other images.</summary>
    internal static DatabaseProduct? ProductOf(string reference)
    {
        var image = ImageName.Parse(reference.ToLowerInvariant());
        var parts = image.Path.Split('/');
        if (IsTool(parts))
        {
            return null;
        }

        return ByName(parts[^1])
            ?? ByFolders(parts)
            ?? (IsOracle(image, parts) ? DatabaseProducts.All.First(product => product.Name == "Oracle") : null)
            ?? ByTag(image.Tag);
    }

    private static DatabaseProduct? ByName(string name) =>
        DatabaseProducts.All.FirstOrDefault(product =>
            product.Words.Any(word =>
                word.Length > 4
                    ? name.Contains(word, StringComparison.Ordinal)
                    : NameParts(name).Any(part => part == word || Bare(part) == word)
            )
        );

    // A folder may be a vendor whose other products hold no data, so only a complete name counts.
    private static DatabaseProduct? ByFolders(string[] parts)
    {
        var folders = parts[..^1].Except(ManyProducts).ToList();
        var found = DatabaseProducts.All.FirstOrDefault(product =>
            product.Words.Any(word => folders.Contains(word) || folders.Contains(word + "db") || folders.Contains(word + "sql"))
        );
        return found is null || NameParts(parts[^1]).Any(word => Editions.Contains(word)) ? found : found with { Kind = null };
    }

    private static bool IsOracle(ImageName image, string[] parts)
    {
        string[] editions = ["database", "enterprise", "express", "free", "xe", "standard", "adb-free"];
        var isVendors =
            image.Registry.EndsWith("oracle.com", StringComparison.Ordinal) || parts[..^1].Any(part => part is "oracle" or "gvenzl");
        return parts[^1] == "oracle"
            || (
                isVendors && editions.Any(edition => parts[^1] == edition || parts[^1].StartsWith(edition + "-", StringComparison.Ordinal))
            );
    }

    // Some publishers keep all images in one repository and name the product in the tag: "acme/base:postgres-16".
    private static DatabaseProduct? ByTag(string tag) =>
        NameParts(tag) is [var first, ..] && Bare(first) is { Length: > 4 } word
            ? DatabaseProducts.All.FirstOrDefault(product =>
                product.Words.Contains(word) || word.Equals(product.Name, StringComparison.OrdinalIgnoreCase)
            )
            : null;

    // A label can declare a database but cannot deny one, because an image brings labels of its own.
    private static string? ByLabel(ImmutableDictionary<string, string> labels)
    {
        if (labels.TryGetValue(DatabaseLabel, out var said) && !said.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return $"database, by its label {DatabaseLabel}";
        }

        foreach (var label in OriginLabels)
        {
            // A title is prose: "Redis" is a database, "A web app with Redis" is not.
            if (labels.TryGetValue(label, out var origin) && !origin.Contains(' ') && ProductOf(origin) is { } product)
            {
                return $"{product.Name} {product.What}, by its image's label {label}";
            }
        }

        return null;
    }

    private static bool IsNamedLikeOne(string service)
    {
        var words = NameParts(service.ToLowerInvariant());
        return !words.Any(word => DatabaseProducts.ServiceWorkers.Contains(word))
            && words.Any(word => DatabaseProducts.ServiceNames.Contains(word) || DatabaseProducts.ServiceNames.Contains(Bare(word)));
    }

    private static string DisplayName(string kind) => DatabaseProducts.All.FirstOrDefault(product => product.Kind == kind)?.Name ?? kind;

    // "web" and the like count only beside the name of a database: "mysql-shell" is a tool, "acme/web" may be anything.
    private static bool IsTool(string[] parts) =>
        DatabaseProducts.Tools.Any(tool => parts[^1].Contains(tool, StringComparison.Ordinal))
        || (
            NameParts(parts[^1]).Any(word => DatabaseProducts.ToolWords.Contains(word))
            && (ByName(parts[^1]) ?? ByFolders(parts)) is not null
        );

    private static string[] NameParts(string text) => text.Split(WordEnds, StringSplitOptions.RemoveEmptyEntries);

    // mysql8 -> mysql
    private static string Bare(string word) => word.TrimEnd("0123456789".ToCharArray());
}
