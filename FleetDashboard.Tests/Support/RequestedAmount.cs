namespace FleetDashboard.Tests.Support;

/// <summary>How much of something a run by hand asks for in a variable; what CI does where nobody has asked.</summary>
internal static class RequestedAmount
{
    public static int For(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
