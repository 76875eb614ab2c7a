using Microsoft.Extensions.Options;

namespace FleetDashboard.Web;

/// <summary>Prints an invalid setting as a sentence instead of a stack trace.</summary>
internal static class Startup
{
    public static int Explain(OptionsValidationException invalid)
    {
        foreach (var failure in invalid.Failures)
        {
            Console.Error.WriteLine($"Fleet Dashboard cannot start: {failure}");
        }

        return 1;
    }
}
