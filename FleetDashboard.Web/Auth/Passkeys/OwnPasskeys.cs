using System.Buffers.Text;
using System.Security.Claims;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>
/// A user's own passkeys. Adding one requires the current password, under the sign-in limits. Otherwise an attacker at an unattended page
/// could add a passkey and come back later.
/// </summary>
internal sealed partial class OwnPasskeys(
    SignInManager<IdentityUser> manager,
    AccountsDb db,
    StepUp stepUp,
    AccountTrail trail,
    ILogger<OwnPasskeys> logger
)
{
    public const int MaxName = 64;
    public const int MaxPerUser = 20;

    private const string NoSuchPasskey = "This passkey no longer exists.";

    private UserManager<IdentityUser> Users => manager.UserManager;

    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(ClaimsPrincipal principal) =>
        await Users.GetUserAsync(principal) is { } user
            ?
            [
                .. (await Users.GetPasskeysAsync(user))
                    .OrderBy(passkey => passkey.CreatedAt)
                    .Select(passkey => new PasskeyRow(
                        Base64Url.EncodeToString(passkey.CredentialId),
                        passkey.Name ?? "",
                        passkey.CreatedAt
                    )),
            ]
            : [];

    /// <summary>The options from which the browser creates a passkey, or why not.</summary>
    public async Task<PasskeyOptions> BeginAsync(AccountActor actor, CancellationToken cancellationToken)
    {
        if (await stepUp.ProveAsync(actor, cancellationToken) is { } objection)
        {
            return new(null, objection);
        }
        if (await Users.GetUserAsync(actor.User) is not { } user)
        {
            return new(null, StepUp.SignInNeeded);
        }
        if ((await Users.GetPasskeysAsync(user)).Count >= MaxPerUser)
        {
            return new(null, $"You already have {MaxPerUser} passkeys. Remove one first.");
        }
        return new(
            await manager.MakePasskeyCreationOptionsAsync(
                new()
                {
                    Id = user.Id,
                    Name = user.UserName!,
                    DisplayName = user.UserName!,
                }
            ),
            null
        );
    }

    /// <summary>
    /// Stores the passkey that the browser created. Returns the problem, or null. The credential proves that <see cref="BeginAsync"/> has
    /// checked the password.
    /// </summary>
    public async Task<string?> AddAsync(AccountActor actor, string? credential, string? name, CancellationToken cancellationToken)
    {
        if (
            await Users.GetUserAsync(actor.User) is not { } user
            || await ReadCredentialAsync(credential) is not { Succeeded: true, Passkey: { } passkey } made
            || made.UserEntity.Id != user.Id
        )
        {
            return "The passkey could not be added. Try again, and answer the browser's prompt within five minutes.";
        }
        passkey.Name = Shortened(name);
        return await StoreAsync(
            actor,
            user,
            AccountChanges.PasskeyAdded,
            passkey.Name,
            () => Users.AddOrUpdatePasskeyAsync(user, passkey),
            cancellationToken
        );
    }

    public async Task<string?> RenameAsync(AccountActor actor, string? id, string? name, CancellationToken cancellationToken)
    {
        if (await stepUp.ConfirmAsync(actor, cancellationToken) is { } objection)
        {
            return objection;
        }
        if (await FindAsync(actor.User, id) is not var (user, passkey))
        {
            return NoSuchPasskey;
        }
        passkey.Name = Shortened(name);
        return await StoreAsync(
            actor,
            user,
            AccountChanges.PasskeyRenamed,
            passkey.Name,
            () => Users.AddOrUpdatePasskeyAsync(user, passkey),
            cancellationToken
        );
    }

    public async Task<string?> RemoveAsync(AccountActor actor, string? id, CancellationToken cancellationToken)
    {
        if (await stepUp.ConfirmAsync(actor, cancellationToken) is { } objection)
        {
            return objection;
        }
        return await FindAsync(actor.User, id) is var (user, passkey)
            ? await StoreAsync(
                actor,
                user,
                AccountChanges.PasskeyRemoved,
                passkey.Name,
                () => Users.RemovePasskeyAsync(user, passkey.CredentialId),
                cancellationToken
            )
            : NoSuchPasskey;
    }

    private async Task<string?> StoreAsync(
        AccountActor actor,
        IdentityUser user,
        string change,
        string? name,
        Func<Task<IdentityResult>> keep,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await keep() is { Succeeded: false } refused)
        {
            return string.Join(" ", refused.Errors.Select(error => error.Description));
        }
        if (
            await trail.RecordAsync(
                SignedInCaller.From(actor.User, actor.Address?.ToString()),
                change,
                user.UserName!,
                cancellationToken
            ) is
            { } trouble
        )
        {
            return trouble;
        }
        await transaction.CommitAsync(CancellationToken.None);
        LogChanged(user.UserName, change, name);
        return null;
    }

    private async Task<(IdentityUser User, UserPasskeyInfo Passkey)?> FindAsync(ClaimsPrincipal principal, string? id) =>
        Base64Url.IsValid(id)
        && await Users.GetUserAsync(principal) is { } user
        && await Users.GetPasskeyAsync(user, Base64Url.DecodeFromChars(id)) is { } passkey
            ? (user, passkey)
            : null;

    private async Task<PasskeyAttestationResult?> ReadCredentialAsync(string? credential)
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
            return null; // this browser has no pending passkey request
        }
    }

    private static string Shortened(string? name) =>
        name?.Trim() switch
        {
            null or "" => "Passkey",
            var text => SafeText.Clean(text, MaxName),
        };

    [LoggerMessage(LogLevel.Information, "{Name}: {What}, {Passkey}")]
    private partial void LogChanged(string? name, string what, string? passkey);
}

/// <summary>A row of the account page.</summary>
internal sealed record PasskeyRow(string Id, string Name, DateTimeOffset Created);

/// <summary>JSON for the browser, or a problem.</summary>
internal sealed record PasskeyOptions(string? Json, string? Problem);
