using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

internal static class NetworkEndpoints
{
    public static void MapNetworks(this IEndpointRouteBuilder routes)
    {
        // The list contains no members, only inspect does. Clients that ignore this see empty networks.
        routes.MapGet(
            "/networks",
            (HttpContext context, DemoFleet fleet) =>
                context.AnswerArrayAsync(fleet.Networks, (json, network) => NetworkJson.Write(json, network, []))
        );
        routes.MapGet("/networks/{id}", InspectAsync);
    }

    private static Task InspectAsync(HttpContext context, string id, DemoFleet fleet)
    {
        var network =
            fleet.Networks.FirstOrDefault(network => network.Name == id || network.Id == id)
            ?? fleet.Networks.FirstOrDefault(network => id.Length > 0 && network.Id.StartsWith(id, StringComparison.Ordinal));
        return network is null
            ? context.AnswerMessageAsync(StatusCodes.Status404NotFound, $"network {id} not found")
            : context.AnswerJsonAsync(json =>
                NetworkJson.Write(json, network, fleet.All.Where(container => container.Plan.Network == network && container.State.IsUp))
            );
    }
}
