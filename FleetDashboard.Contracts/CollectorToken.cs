namespace FleetDashboard.Contracts;

/// <summary>What a token that the Collector accepts says: a JWT signed by HS256 with the shared secret's UTF-8 bytes.</summary>
public static class CollectorToken
{
    public const string Issuer = "fleet-web";
    public const string Audience = "fleet-collector";

    /// <summary>The longest life of a token in seconds.</summary>
    public const int MaxLifetimeSeconds = 60;

    /// <summary>How far the clocks of Web and Collector may be apart, in seconds.</summary>
    public const int ClockSkewSeconds = 10;

    /// <summary>The shortest shared secret in bytes.</summary>
    public const int MinSecretBytes = 32;

    /// <summary>The claim that carries the role.</summary>
    public const string RoleClaim = "role";

    /// <summary>The claim that carries the signed-in user's name.</summary>
    public const string NameClaim = "name";

    /// <summary>The claim that may carry the user's own address as Web saw it, for the audit trail.</summary>
    public const string AddressClaim = "addr";

    /// <summary>The claim that states what the token is for. A token without it may only read.</summary>
    public const string ScopeClaim = "scope";

    /// <summary>The scope of a token that acts.</summary>
    public const string ActScope = "act";

    /// <summary>The claim of an acting token that names the HTTP method, for example <c>POST</c>.</summary>
    public const string MethodClaim = "htm";

    /// <summary>The claim of an acting token that names the path, exactly as it is sent and without a query.</summary>
    public const string PathClaim = "htu";

    private const char NameSeparator = ':';

    /// <summary>
    /// The second audience of an acting token: the Collector it is meant for, by the address that Web is configured with. The answer of a
    /// Collector never changes it, so a program that answers in a Collector's place cannot choose whom its tokens are good for.
    /// </summary>
    public static string AudienceOf(Uri collector) => $"{Audience}{NameSeparator}{collector.Authority.ToLowerInvariant()}";

    /// <summary>The Collector's address that an audience names, or null for another audience.</summary>
    public static string? AddressOf(string audience) =>
        audience.StartsWith($"{Audience}{NameSeparator}", StringComparison.Ordinal) ? audience[(Audience.Length + 1)..] : null;
}

/// <summary>Who may do what.</summary>
public static class Roles
{
    /// <summary>May look.</summary>
    public const string Viewer = "viewer";

    /// <summary>May look and act.</summary>
    public const string Operator = "operator";
}
