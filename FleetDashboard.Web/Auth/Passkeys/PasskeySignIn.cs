using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>
/// One attempt to sign in with a passkey. Wrong passwords of strangers do not count here, so nobody keeps the owner of a passkey out.
/// Whatever is wrong,
/// the answer is the same.
/// </summary>
internal sealed partial class PasskeySignIn(
    SignInManager<IdentityUser> manager,
    SignInLimiter limiter,
    KnownBrowser browsers,
    ILogger<PasskeySignIn> logger
)
{
    public const string Failed = "This passkey is not known here, or its account is locked for a while.";

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
        ) // its counter, by which a copy would be noticed
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
            return null; // no question is open in this browser: it was answered before, or its five minutes are over
        }
    }

    [LoggerMessage(LogLevel.Information, "{Name} signed in with the passkey {Passkey}")]
    private partial void LogSignedIn(string? name, string? passkey);
}
