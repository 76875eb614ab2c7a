using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// One sign-in attempt. Every failure gives the same answer after the same time, so an attacker cannot learn which accounts exist. Wrong
/// passwords slow down the place they come from (<see cref="FailedAttempts"/>) and never lock the account itself.
/// </summary>
internal sealed class SignIn(SignInManager<IdentityUser> manager, SignInLimiter limiter, FailedAttempts attempts, KnownBrowser browsers)
{
    public const string Failed =
        "The user name or password is wrong, or there were too many wrong attempts. Wait a few minutes, then try again.";
    public const string TooMany = "Too many attempts from this address. Wait a minute, then try again.";

    // Verified when the account does not exist or is locked, so that the answer takes as long as for an existing account.
    private static readonly IdentityUser DummyUser = new("nobody");
    private static readonly string DummyHash = new PasswordHasher<IdentityUser>().HashPassword(DummyUser, Guid.NewGuid().ToString());

    public async Task<SignInOutcome> AttemptAsync(HttpContext context, string? userName, string? password)
    {
        if (!limiter.TryEnter(context.Connection.RemoteIpAddress, browsers.IdOf(context)))
        {
            return SignInOutcome.TooMany;
        }
        var name = userName?.Trim() ?? "";
        var user = name.Length == 0 ? null : await manager.UserManager.FindByNameAsync(name);
        var place = browsers.PlaceOf(context, user);

        // A name without an account fails anyway. Counting it would let invented names fill the memory.
        if (user is null || !attempts.TryBegin(user.Id, place) || await manager.UserManager.IsLockedOutAsync(user))
        {
            manager.UserManager.PasswordHasher.VerifyHashedPassword(DummyUser, DummyHash, password ?? "");
            return SignInOutcome.Failed;
        }
        if (!(await manager.PasswordSignInAsync(user, password ?? "", isPersistent: false, lockoutOnFailure: false)).Succeeded)
        {
            return SignInOutcome.Failed;
        }
        attempts.Succeeded(user.Id, place);
        browsers.Remember(context, user);
        return SignInOutcome.SignedIn;
    }
}

/// <summary>The result of a sign-in attempt.</summary>
internal enum SignInOutcome
{
    Failed,
    TooMany,
    SignedIn,
}
