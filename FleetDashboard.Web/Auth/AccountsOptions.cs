using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>Local accounts and how long a doubt about one may last.</summary>
internal sealed class AccountsOptions
{
    public const string SectionName = "Accounts";
    public const int MinPasswordLength = 10;
    public const string BindToAddress = "address";
    public const string BindToNothing = "none";

    /// <summary>
    /// The password of the first operator, <c>admin</c>; read only while there is no account. Generated and printed once when unset.
    /// </summary>
    public string? AdminPassword { get; set; }

    /// <summary>How often the account behind an open page or a cookie is looked up again: a revoked user's page ends within this.</summary>
    public TimeSpan RevalidateEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after signing in a session ends, however much it is used.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// <c>address</c>: a session ends when it is used from another network (IPv4 address, IPv6 /64). <c>none</c>: it may move, for devices
    /// that change
    /// between networks or between IPv4 and IPv6.
    /// </summary>
    public string BindSessions { get; set; } = BindToAddress;

    public bool BindsToAddress => BindSessions == BindToAddress;

    /// <summary>Attempts to sign in that one address may make in a minute.</summary>
    public int AttemptsPerMinute { get; set; } = 10;
}

/// <summary>By hand, since the generated one neither names the section nor takes a message of ours.</summary>
internal sealed class AccountsOptionsValidator : IValidateOptions<AccountsOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountsOptions options)
    {
        var failures = new ValidateOptionsResultBuilder();
        if (options.AdminPassword is { Length: > 0 and < AccountsOptions.MinPasswordLength })
        {
            failures.AddError(
                $"Accounts:AdminPassword (FLEET_ADMIN_PASSWORD) has fewer than {AccountsOptions.MinPasswordLength} characters. Set a longer one, or none to have one made."
            );
        }
        if (options.RevalidateEvery < TimeSpan.FromSeconds(1) || options.RevalidateEvery > TimeSpan.FromMinutes(5))
        {
            failures.AddError("Accounts:RevalidateEvery must lie between 00:00:01 and 00:05:00.");
        }
        if (options.AttemptsPerMinute is < 1 or > 1000)
        {
            failures.AddError("Accounts:AttemptsPerMinute must lie between 1 and 1000.");
        }
        if (options.SessionLifetime < TimeSpan.FromHours(1) || options.SessionLifetime > TimeSpan.FromDays(90))
        {
            failures.AddError("Accounts:SessionLifetime must lie between 01:00:00 and 90.00:00:00.");
        }
        if (options.BindSessions is not (AccountsOptions.BindToAddress or AccountsOptions.BindToNothing))
        {
            failures.AddError(
                $"Accounts:BindSessions is '{options.BindSessions}'. Set it to {AccountsOptions.BindToAddress} or {AccountsOptions.BindToNothing}."
            );
        }
        return failures.Build();
    }
}
