namespace FleetDashboard.Tests.Support;

/// <summary>An amount that a manual run sets in a variable. Otherwise the amount for CI.</summary>
internal static class RequestedAmount
{
    public static int For(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
