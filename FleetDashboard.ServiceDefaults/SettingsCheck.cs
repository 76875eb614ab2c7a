using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FleetDashboard.ServiceDefaults;

/// <summary>Settings are checked before the host looks, which would log a stack trace for what a sentence says.</summary>
public static class SettingsCheck
{
    /// <exception cref="OptionsValidationException">What is wrong, of all sections.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (AggregateException several)
        {
            // That is how two sections that are wrong at once are told.
            throw new OptionsValidationException(
                nameof(SettingsCheck),
                typeof(SettingsCheck),
                several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(invalid => invalid.Failures)
            );
        }
    }
}
