using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace FleetDashboard.Identity.Pages;

/// <summary>Shows errors that IdentityServer cannot send back to the client.</summary>
public sealed class ErrorModel(IIdentityServerInteractionService interaction) : PageModel
{
    public ErrorMessage? Problem { get; private set; }

    public async Task OnGetAsync(string? errorId) => Problem = await interaction.GetErrorContextAsync(errorId);
}
