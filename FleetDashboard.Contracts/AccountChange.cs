using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>A change of an account of Web, for the Collector's audit trail. Who made it, and from where, is in the token.</summary>
/// <param name="Change">One of <see cref="AccountChanges"/>.</param>
/// <param name="User">The name of the account that was changed, 1 to <see cref="MaxUser"/> characters.</param>
public sealed record AccountChange(string Change, string User)
{
    /// <summary>The longest name of an account in characters.</summary>
    public const int MaxUser = 256;
}

/// <summary>The changes of accounts that can be recorded, as the audit trail names them.</summary>
public static class AccountChanges
{
    public const string UserAdded = "user-added";
    public const string UserRemoved = "user-removed";
    public const string UserLocked = "user-locked";
    public const string UserUnlocked = "user-unlocked";
    public const string MadeViewer = "made-viewer";
    public const string MadeOperator = "made-operator";
    public const string PasswordReset = "password-reset";
    public const string PasswordChanged = "password-changed";
    public const string PasskeyAdded = "passkey-added";
    public const string PasskeyRenamed = "passkey-renamed";
    public const string PasskeyRemoved = "passkey-removed";
    public const string SessionsEnded = "sessions-ended";

    /// <summary>Changes that users make to their own account. All other changes are an operator's.</summary>
    public static readonly ImmutableArray<string> OfOnesOwn =
    [
        PasswordChanged,
        PasskeyAdded,
        PasskeyRenamed,
        PasskeyRemoved,
        SessionsEnded,
    ];

    public static readonly ImmutableArray<string> All =
    [
        UserAdded,
        UserRemoved,
        UserLocked,
        UserUnlocked,
        MadeViewer,
        MadeOperator,
        PasswordReset,
        .. OfOnesOwn,
    ];
}
