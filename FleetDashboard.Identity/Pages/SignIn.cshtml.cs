using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace FleetDashboard.Identity.Pages;

/// <summary>
/// Asks for name and password even if the browser has a session: IdentityServer opens this page only when credentials are required.
/// </summary>
public sealed class SignInModel(SignInManager<IdentityUser> manager, IIdentityServerInteractionService interaction) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    public string? UserName { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public string? Problem { get; private set; }

    public void OnGet() => Response.Headers.CacheControl = "no-store";

    public async Task<IActionResult> OnPostAsync()
    {
        var result = await manager.PasswordSignInAsync(UserName?.Trim() ?? "", Password ?? "", isPersistent: false, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            Problem = "The user name or password is wrong, or the account is locked for a while.";
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Page();
        }
        // Return only to a sign-in that IdentityServer itself started. Any other target would make this page an open redirect.
        return await interaction.GetAuthorizationContextAsync(ReturnUrl) is null ? RedirectToPage("/Index") : Redirect(ReturnUrl!);
    }
}
