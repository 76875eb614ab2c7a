namespace FleetDashboard.Identity;

/// <summary>
/// Logs the licence terms at each start, because running this provider in production requires a licence that the rest of the dashboard does
/// not.
/// </summary>
internal static partial class Licence
{
    public static void Log(ILogger logger) => LogLicence(logger);

    [LoggerMessage(
        LogLevel.Warning,
        "This provider is for developers. It runs Duende IdentityServer, which is not free software: development, testing and personal "
            + "use are free of charge, but production requires a licence from its vendor "
            + "(https://duendesoftware.com/license). In production, use local accounts or your own provider instead."
    )]
    private static partial void LogLicence(ILogger logger);
}
