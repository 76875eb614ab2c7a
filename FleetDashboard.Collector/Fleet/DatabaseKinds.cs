using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// Tells which containers are databases: by image, by the program that runs, by label, by name, and last by volumes and ports. In doubt it
/// is one: what is
/// taken for a database is only kept from harm.
/// </summary>
internal static class DatabaseKinds
{
    private const string DatabaseLabel = "fleet.database";

    // What an image says of itself: its name, and what it was built from.
    private static readonly string[] OriginLabels =
    [
        "org.opencontainers.image.base.name",
        "org.opencontainers.image.title",
        "org.label-schema.name",
    ];

    // Vendors whose images are for the most part no databases.
    private static readonly string[] ManyProducts = ["percona", "prometheus", "loki"];

    // The last part of an image's name where the part before it names the product, as in mcr.microsoft.com/mssql/server.
    private static readonly string[] Editions = ["server", "community", "enterprise", "standalone", "cluster", "database", "db", "core"];

    private static readonly char[] WordEnds = ['-', '_', '.'];

    /// <summary>postgresql, mysql, mariadb, redis, valkey or mongodb; null where the image does not say.</summary>
    public static string? KindOf(ContainerFacts container) => ProductOf(container.Image)?.Kind;

    /// <summary>Why it counts as a database, in words; null where it does not.</summary>
    public static string? ReasonOf(ContainerFacts container, string service)
    {
        if (ProductOf(container.Image) is { } product)
        {
            return $"{product.Name} {product.What}, by its image";
        }

        // What runs in it weighs more than a tool's name on it.
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

    /// <summary>The product that an image's reference names; null for none, and for tools.</summary>
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

    // Folders are vendors as well, whose other products hold no data: only a whole word counts.
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

    // Some keep every image of theirs in one repository and name it by the tag: "acme/base:postgres-16".
    private static DatabaseProduct? ByTag(string tag) =>
        NameParts(tag) is [var first, ..] && Bare(first) is { Length: > 4 } word
            ? DatabaseProducts.All.FirstOrDefault(product =>
                product.Words.Contains(word) || word.Equals(product.Name, StringComparison.OrdinalIgnoreCase)
            )
            : null;

    // Labels can say that something is a database, never that it is none: an image brings its own along.
    private static string? ByLabel(ImmutableDictionary<string, string> labels)
    {
        if (labels.TryGetValue(DatabaseLabel, out var said) && !said.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return $"database, by its label {DatabaseLabel}";
        }

        foreach (var label in OriginLabels)
        {
            // A title is prose: "Redis" is one, "A web app with Redis" is not.
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

    // "web" and the like say something only beside the name of a database: "mysql-shell" is a tool, "acme/web" may be anything.
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
