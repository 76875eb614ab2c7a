using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace FleetDashboard.Identity.Pages;

/// <summary>
/// Ends the session here. Asks first, unless the dashboard proves by its id token that its own user signs out. The iframe of the result
/// page makes IdentityServer send its back-channel logouts.
/// </summary>
public sealed class SignOutModel(SignInManager<IdentityUser> manager, IIdentityServerInteractionService interaction) : PageModel
{
    private const int SecondsForNotices = 2;

    [BindProperty(SupportsGet = true)]
    public string? LogoutId { get; set; }

    public LogoutRequest? Left { get; private set; }

    public async Task<IActionResult> OnGetAsync() =>
        (await interaction.GetLogoutContextAsync(LogoutId)).ShowSignoutPrompt && User.Identity is { IsAuthenticated: true }
            ? Page()
            : await LeaveAsync();

    public Task<IActionResult> OnPostAsync() => LeaveAsync();

    private async Task<IActionResult> LeaveAsync()
    {
        // Must run before the session ends, because it lists the clients to notify.
        LogoutId ??= await interaction.CreateLogoutContextAsync();
        await manager.SignOutAsync();
        Left = await interaction.GetLogoutContextAsync(LogoutId);
        Response.Headers.CacheControl = "no-store";
        if (Left.PostLogoutRedirectUri is { } back)
        {
            Response.Headers["Refresh"] = $"{SecondsForNotices};url={back}";
        }
        return Page();
    }
}
