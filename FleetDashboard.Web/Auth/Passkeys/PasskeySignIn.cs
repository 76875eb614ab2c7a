using System.Net;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>One attempt to sign in with a passkey, within the same limits as one with a password. Whatever is wrong, the answer is the same.</summary>
internal sealed partial class PasskeySignIn(SignInManager<IdentityUser> manager, SignInLimiter limiter, ILogger<PasskeySignIn> logger)
{
    public const string Failed = "This passkey is not known here, or its account is locked for a while.";

    public async Task<SignInOutcome> AttemptAsync(string? credential, IPAddress? from)
    {
        if (!limiter.TryEnter(from))
        {
            return SignInOutcome.TooMany;
        }
        if (await ProveAsync(credential) is not { Succeeded: true, User: { } user, Passkey: { } passkey }
            || await manager.UserManager.IsLockedOutAsync(user) || !await manager.CanSignInAsync(user)
            || !(await manager.UserManager.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded) // its counter, by which a copy would be noticed
        {
            return SignInOutcome.Failed;
        }
        await manager.SignInAsync(user, isPersistent: false);
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
