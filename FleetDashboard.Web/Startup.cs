using Microsoft.Extensions.Options;

namespace FleetDashboard.Web;

/// <summary>A setting that is wrong is told in a sentence, not in a stack trace.</summary>
internal static class Startup
{
    public static async Task<int> RunOrExplainAsync(this WebApplication app)
    {
        try
        {
            // Before the host looks, which would log the stack trace first.
            app.Services.GetService<IStartupValidator>()?.Validate();
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException ex)
        {
            foreach (var failure in ex.Failures)
            {
                await Console.Error.WriteLineAsync($"Fleet Dashboard cannot start: {failure}");
            }
            return 1;
        }
    }
}
