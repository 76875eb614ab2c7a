using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FleetDashboard.ServiceDefaults;

/// <summary>Checks all settings before the host starts. The host would log a stack trace instead of a sentence.</summary>
public static class SettingsCheck
{
    /// <exception cref="OptionsValidationException">The errors of all sections.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (AggregateException several)
        {
            // Several invalid sections arrive as one AggregateException.
            throw new OptionsValidationException(
                nameof(SettingsCheck),
                typeof(SettingsCheck),
                several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(invalid => invalid.Failures)
            );
        }
    }
}
