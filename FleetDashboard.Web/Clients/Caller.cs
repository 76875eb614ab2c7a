using System.Security.Claims;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>The signed-in user on whose behalf a Collector is asked.</summary>
internal sealed record Caller(string Subject, string Name, string Role)
{
    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
        user.Identity?.Name ?? "",
        user.IsInRole(Roles.Operator) ? Roles.Operator : Roles.Viewer);
}
