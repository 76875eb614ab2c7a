using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FleetDashboard.DemoEngine.Faults;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>The routes that no real engine has: they inject faults.</summary>
internal static class DemoEndpoints
{
    public static void MapDemo(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/demo/faults",
            (HttpContext context, ActiveFaults faults) => context.Response.WriteAsJsonAsync(faults.Current, FaultJson.Default.FaultSettings)
        );
        routes.MapPost("/demo/faults", SetAsync);
    }

    private static async Task SetAsync(HttpContext context, ActiveFaults faults)
    {
        FaultSettings? wanted;
        try
        {
            // Accept any Content-Type: the body is typed by hand, with curl.
            wanted = await JsonSerializer.DeserializeAsync(context.Request.Body, FaultJson.Default.FaultSettings, context.RequestAborted);
        }
        catch (JsonException ex)
        {
            await context.AnswerMessageAsync(StatusCodes.Status400BadRequest, ex.Message);
            return;
        }

        var mistakes = new List<ValidationResult>();
        if (wanted is null || !Validator.TryValidateObject(wanted, new ValidationContext(wanted), mistakes, validateAllProperties: true))
        {
            await context.AnswerMessageAsync(
                StatusCodes.Status400BadRequest,
                mistakes.Count > 0 ? mistakes[0].ErrorMessage ?? "" : "no faults given"
            );
            return;
        }

        faults.Set(wanted);
        await context.Response.WriteAsJsonAsync(faults.Current, FaultJson.Default.FaultSettings);
    }
}
