namespace FleetDashboard.Contracts;

/// <summary>What a token that the Collector accepts says: a JWT signed by HS256 with the shared secret's UTF-8 bytes.</summary>
public static class CollectorToken
{
    public const string Issuer = "fleet-web";
    public const string Audience = "fleet-collector";

    /// <summary>The longest life of a token in seconds.</summary>
    public const int MaxLifetimeSeconds = 60;

    /// <summary>The shortest shared secret in bytes.</summary>
    public const int MinSecretBytes = 32;

    /// <summary>The claim that carries the role.</summary>
    public const string RoleClaim = "role";

    /// <summary>The claim that carries the signed-in user's name.</summary>
    public const string NameClaim = "name";

    /// <summary>The claim that may carry the user's own address as Web saw it, for the audit trail.</summary>
    public const string AddressClaim = "addr";
}

/// <summary>Who may do what.</summary>
public static class Roles
{
    /// <summary>May look.</summary>
    public const string Viewer = "viewer";

    /// <summary>May look and act.</summary>
    public const string Operator = "operator";
}
