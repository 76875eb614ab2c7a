using Microsoft.Extensions.Options;

namespace FleetDashboard.Web;

/// <summary>A setting that is wrong is told in a sentence, not in a stack trace.</summary>
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
