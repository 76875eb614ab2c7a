using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>
/// One sign-in attempt with a passkey. Wrong passwords do not count here, so an attacker cannot keep the owner of a passkey out. Every
/// failure gives the same answer.
/// </summary>
internal sealed partial class PasskeySignIn(
    SignInManager<IdentityUser> manager,
    SignInLimiter limiter,
    KnownBrowser browsers,
    ILogger<PasskeySignIn> logger
)
{
    public const string Failed = "This passkey is not registered here, or its account is locked for a while.";

    public async Task<SignInOutcome> AttemptAsync(HttpContext context, string? credential)
    {
        if (!limiter.TryEnterWithPasskey(context.Connection.RemoteIpAddress, browsers.IdOf(context)))
        {
            return SignInOutcome.TooMany;
        }
        if (
            await ProveAsync(credential) is not { Succeeded: true, User: { } user, Passkey: { } passkey }
            || await manager.UserManager.IsLockedOutAsync(user)
            || !await manager.CanSignInAsync(user)
            || !(await manager.UserManager.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded
        ) // stores its signature counter, which reveals a copied passkey
        {
            return SignInOutcome.Failed;
        }
        await manager.SignInAsync(user, isPersistent: false);
        browsers.Remember(context, user);
        LogSignedIn(user.UserName, passkey.Name);
        return SignInOutcome.SignedIn;
    }

    private async Task<PasskeyAssertionResult<IdentityUser>?> ProveAsync(string? credential)
    {
        if (string.IsNullOrEmpty(credential))
        {
            return null;
        }
        try
        {
            return await manager.PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            return null; // this browser has no pending passkey request: it was already used, or its five minutes are over
        }
    }

    [LoggerMessage(LogLevel.Information, "{Name} signed in with the passkey {Passkey}")]
    private partial void LogSignedIn(string? name, string? passkey);
}
