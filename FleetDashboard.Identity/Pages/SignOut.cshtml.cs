using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace FleetDashboard.Identity.Pages;

/// <summary>
/// Ends the session here. Asks first, unless the dashboard proved by its id token that its own user wants it. The frame of the answer is
/// how IdentityServer
/// comes to send its back-channel notices.
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
        LogoutId ??= await interaction.CreateLogoutContextAsync(); // before the session ends, since it names who is to be told
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
