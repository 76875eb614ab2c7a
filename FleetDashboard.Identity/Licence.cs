namespace FleetDashboard.Identity;

/// <summary>Said at each start, since whoever runs this has a duty that the rest of the dashboard does not put on them.</summary>
internal static partial class Licence
{
    public static void Tell(ILogger logger) => LogLicence(logger);

    [LoggerMessage(
        LogLevel.Warning,
        "This provider is for developers. It runs Duende IdentityServer, which is not free software: development, testing and personal use cost nothing, production wants a licence of its vendor "
            + "(https://duendesoftware.com/license). Production of Fleet Dashboard needs neither: use local accounts, or the provider that you have."
    )]
    private static partial void LogLicence(ILogger logger);
}
