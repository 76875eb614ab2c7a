using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>Settings of local accounts, sessions and sign-in limits.</summary>
internal sealed class AccountsOptions
{
    public const string SectionName = "Accounts";
    public const int MinPasswordLength = 10;
    public const string BindToAddress = "address";
    public const string BindToNothing = "none";

    /// <summary>
    /// The password of the first operator, <c>admin</c>. Read only while no account exists. If unset, one is generated and printed once.
    /// </summary>
    public string? AdminPassword { get; set; }

    /// <summary>How often an open page or a cookie is checked against its account. A revoked user's page ends within this time.</summary>
    public TimeSpan RevalidateEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a session lasts after signing in, even if it is in use.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// <c>address</c>: a session ends when a request with its cookie comes from another network (IPv4 address, IPv6 /64). <c>none</c>: the
    /// session may move, for devices that switch networks or switch between IPv4 and IPv6.
    /// </summary>
    public string BindSessions { get; set; } = BindToAddress;

    public bool BindsToAddress => BindSessions == BindToAddress;

    /// <summary>Sign-in attempts per minute that one address may make.</summary>
    public int AttemptsPerMinute { get; set; } = 10;
}

/// <summary>Written by hand: a generated validator does not name the configuration section and takes no message of ours.</summary>
internal sealed class AccountsOptionsValidator : IValidateOptions<AccountsOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountsOptions options)
    {
        var failures = new ValidateOptionsResultBuilder();
        if (options.AdminPassword is { Length: > 0 and < AccountsOptions.MinPasswordLength })
        {
            failures.AddError(
                $"Accounts:AdminPassword (FLEET_ADMIN_PASSWORD) has fewer than {AccountsOptions.MinPasswordLength} characters. "
                    + "Set a longer one, or leave it unset to have one generated."
            );
        }
        if (options.RevalidateEvery < TimeSpan.FromSeconds(1) || options.RevalidateEvery > TimeSpan.FromMinutes(5))
        {
            failures.AddError("Accounts:RevalidateEvery must be between 00:00:01 and 00:05:00.");
        }
        if (options.AttemptsPerMinute is < 1 or > 1000)
        {
            failures.AddError("Accounts:AttemptsPerMinute must be between 1 and 1000.");
        }
        if (options.SessionLifetime < TimeSpan.FromHours(1) || options.SessionLifetime > TimeSpan.FromDays(90))
        {
            failures.AddError("Accounts:SessionLifetime must be between 01:00:00 and 90.00:00:00.");
        }
        if (options.BindSessions is not (AccountsOptions.BindToAddress or AccountsOptions.BindToNothing))
        {
            failures.AddError(
                $"Accounts:BindSessions is '{options.BindSessions}'. Set it to "
                    + $"{AccountsOptions.BindToAddress} or {AccountsOptions.BindToNothing}."
            );
        }
        return failures.Build();
    }
}
