using System.Buffers.Text;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>
/// A user's own passkeys. A new one asks for the present password, with the limits of signing in: whoever found an open page does not get to leave
/// a way in behind.
/// </summary>
internal sealed partial class OwnPasskeys(SignInManager<IdentityUser> manager, SignInLimiter limiter, ILogger<OwnPasskeys> logger)
{
    public const int MaxName = 64;
    public const int MaxPerUser = 20;

    private const string Gone = "There is no such passkey any more.";

    private UserManager<IdentityUser> Users => manager.UserManager;

    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(ClaimsPrincipal principal) =>
        await Users.GetUserAsync(principal) is { } user
            ? [.. (await Users.GetPasskeysAsync(user)).OrderBy(passkey => passkey.CreatedAt).Select(passkey => new PasskeyRow(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name ?? "", passkey.CreatedAt))]
            : [];

    /// <summary>What the browser is to make a passkey from, or why not.</summary>
    public async Task<PasskeyOptions> BeginAsync(ClaimsPrincipal principal, string? password, IPAddress? from)
    {
        if (!limiter.TryEnter(from))
        {
            return new(null, SignIn.TooMany);
        }
        if (await Users.GetUserAsync(principal) is not { } user || !(await manager.CheckPasswordSignInAsync(user, password ?? "", lockoutOnFailure: true)).Succeeded)
        {
            return new(null, "The present password is wrong, or the account is locked for a while.");
        }
        if ((await Users.GetPasskeysAsync(user)).Count >= MaxPerUser)
        {
            return new(null, $"There are {MaxPerUser} passkeys already. Remove one first.");
        }
        return new(await manager.MakePasskeyCreationOptionsAsync(new() { Id = user.Id, Name = user.UserName!, DisplayName = user.UserName! }), null);
    }

    /// <summary>Keeps what the browser made; why not, or null.</summary>
    public async Task<string?> AddAsync(ClaimsPrincipal principal, string? credential, string? name)
    {
        if (await Users.GetUserAsync(principal) is not { } user || await MadeAsync(credential) is not { Succeeded: true, Passkey: { } passkey } made || made.UserEntity.Id != user.Id)
        {
            return "The passkey could not be added. Try again; the question must be answered within five minutes.";
        }
        passkey.Name = Shortened(name);
        return await KeepAsync(user, passkey, "added");
    }

    public async Task<string?> RenameAsync(ClaimsPrincipal principal, string? id, string? name)
    {
        if (await FindAsync(principal, id) is not var (user, passkey))
        {
            return Gone;
        }
        passkey.Name = Shortened(name);
        return await KeepAsync(user, passkey, "renamed");
    }

    public async Task<string?> RemoveAsync(ClaimsPrincipal principal, string? id)
    {
        if (await FindAsync(principal, id) is not var (user, passkey))
        {
            return Gone;
        }
        if (await Users.RemovePasskeyAsync(user, passkey.CredentialId) is { Succeeded: false } refused)
        {
            return Refusal(refused);
        }
        LogChanged(user.UserName, "removed", passkey.Name);
        return null;
    }

    private async Task<string?> KeepAsync(IdentityUser user, UserPasskeyInfo passkey, string what)
    {
        if (await Users.AddOrUpdatePasskeyAsync(user, passkey) is { Succeeded: false } refused)
        {
            return Refusal(refused);
        }
        LogChanged(user.UserName, what, passkey.Name);
        return null;
    }

    private async Task<(IdentityUser User, UserPasskeyInfo Passkey)?> FindAsync(ClaimsPrincipal principal, string? id) =>
        Base64Url.IsValid(id) && await Users.GetUserAsync(principal) is { } user && await Users.GetPasskeyAsync(user, Base64Url.DecodeFromChars(id)) is { } passkey ? (user, passkey) : null;

    private async Task<PasskeyAttestationResult?> MadeAsync(string? credential)
    {
        if (string.IsNullOrEmpty(credential))
        {
            return null;
        }
        try
        {
            return await manager.PerformPasskeyAttestationAsync(credential);
        }
        catch (InvalidOperationException)
        {
            return null; // no question is open in this browser
        }
    }

    private static string Shortened(string? name) => name?.Trim() switch
    {
        null or "" => "Passkey",
        { Length: > MaxName } text => text[..MaxName],
        var text => text,
    };

    private static string Refusal(IdentityResult result) => string.Join(" ", result.Errors.Select(error => error.Description));

    [LoggerMessage(LogLevel.Information, "{Name} {What} the passkey {Passkey}")]
    private partial void LogChanged(string? name, string what, string? passkey);
}

/// <summary>A line of the account page.</summary>
internal sealed record PasskeyRow(string Id, string Name, DateTimeOffset Created);

/// <summary>JSON for the browser, or a problem as a sentence.</summary>
internal sealed record PasskeyOptions(string? Json, string? Problem);
