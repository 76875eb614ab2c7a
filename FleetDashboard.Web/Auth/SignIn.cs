using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// One attempt to sign in. Every failure looks and lasts the same, so that nobody learns which accounts exist. Wrong passwords slow down
/// the place they
/// come from (<see cref="FailedAttempts"/>) and never lock the account itself.
/// </summary>
internal sealed class SignIn(SignInManager<IdentityUser> manager, SignInLimiter limiter, FailedAttempts attempts, KnownBrowser browsers)
{
    public const string Failed = "User name or password is wrong, or there were too many wrong ones. Wait a few minutes, then try again.";
    public const string TooMany = "Too many attempts from this address. Wait a minute, then try again.";

    // Verified when there is nothing to verify, so that an unknown or locked name costs the time of a known one.
    private static readonly IdentityUser Nobody = new("nobody");
    private static readonly string NobodysHash = new PasswordHasher<IdentityUser>().HashPassword(Nobody, Guid.NewGuid().ToString());

    public async Task<SignInOutcome> AttemptAsync(HttpContext context, string? userName, string? password)
    {
        if (!limiter.TryEnter(context.Connection.RemoteIpAddress, browsers.IdOf(context)))
        {
            return SignInOutcome.TooMany;
        }
        var name = userName?.Trim() ?? "";
        var user = name.Length == 0 ? null : await manager.UserManager.FindByNameAsync(name);
        var place = browsers.PlaceOf(context, user);

        // A name that nobody has fails anyway; counted, invented names would fill the memory.
        if (user is null || !attempts.TryBegin(user.Id, place) || await manager.UserManager.IsLockedOutAsync(user))
        {
            manager.UserManager.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password ?? "");
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

/// <summary>How an attempt ended.</summary>
internal enum SignInOutcome
{
    Failed,
    TooMany,
    SignedIn,
}
