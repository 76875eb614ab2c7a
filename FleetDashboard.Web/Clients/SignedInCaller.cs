using System.Security.Claims;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>The signed-in user for whom a Collector is asked.</summary>
/// <param name="Subject">The user's permanent id.</param>
/// <param name="Name">The user's display name.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Address">The address that the page was opened from, for the audit trail; null where it is not available.</param>
internal sealed record SignedInCaller(string Subject, string Name, string Role, string? Address = null)
{
    public bool MayAct => Role == Roles.Operator;

    public static SignedInCaller From(ClaimsPrincipal user, string? address = null) =>
        new(
            user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
            user.Identity?.Name ?? "",
            user.IsInRole(Roles.Operator) ? Roles.Operator : Roles.Viewer,
            address
        );
}
