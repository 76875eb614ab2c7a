using System.Net;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// One attempt to sign in. Every failure looks and lasts the same, so that nobody learns which accounts exist, and one address has
/// only so many attempts a minute, so that locking <c>admin</c> out is not free.
/// </summary>
internal sealed class SignIn(SignInManager<IdentityUser> manager, SignInLimiter limiter)
{
    public const string Failed = "User name or password is wrong, or the account is locked for a while.";
    public const string TooMany = "Too many attempts from this address. Wait a minute, then try again.";

    // Verified when there is nothing to verify, so that an unknown or locked name costs the time of a known one.
    private static readonly IdentityUser Nobody = new("nobody");
    private static readonly string NobodysHash = new PasswordHasher<IdentityUser>().HashPassword(Nobody, Guid.NewGuid().ToString());

    public async Task<SignInOutcome> AttemptAsync(string? userName, string? password, IPAddress? from)
    {
        if (!limiter.TryEnter(from))
        {
            return SignInOutcome.TooMany;
        }
        var user = string.IsNullOrWhiteSpace(userName) ? null : await manager.UserManager.FindByNameAsync(userName.Trim());
        if (user is null || await manager.UserManager.IsLockedOutAsync(user))
        {
            manager.UserManager.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password ?? "");
            return SignInOutcome.Failed;
        }
        var result = await manager.PasswordSignInAsync(user, password ?? "", isPersistent: false, lockoutOnFailure: true);
        return result.Succeeded ? SignInOutcome.SignedIn : SignInOutcome.Failed;
    }
}

/// <summary>How an attempt ended.</summary>
internal enum SignInOutcome
{
    Failed,
    TooMany,
    SignedIn,
}
