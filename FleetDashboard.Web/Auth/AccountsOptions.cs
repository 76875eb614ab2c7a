using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>Local accounts and how long a doubt about one may last.</summary>
internal sealed class AccountsOptions
{
    public const string SectionName = "Accounts";
    public const int MinPasswordLength = 10;

    /// <summary>The password of the first operator, <c>admin</c>; read only while there is no account. Generated and printed once when unset.</summary>
    public string? AdminPassword { get; set; }

    /// <summary>How often the account behind an open page or a cookie is looked up again: a revoked user's page ends within this.</summary>
    public TimeSpan RevalidateEvery { get; set; } = TimeSpan.FromSeconds(10);

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
            failures.AddError($"Accounts:AdminPassword (FLEET_ADMIN_PASSWORD) has fewer than {AccountsOptions.MinPasswordLength} characters. Set a longer one, or none to have one made.");
        }
        if (options.RevalidateEvery < TimeSpan.FromSeconds(1) || options.RevalidateEvery > TimeSpan.FromMinutes(5))
        {
            failures.AddError("Accounts:RevalidateEvery must lie between 00:00:01 and 00:05:00.");
        }
        if (options.AttemptsPerMinute is < 1 or > 1000)
        {
            failures.AddError("Accounts:AttemptsPerMinute must lie between 1 and 1000.");
        }
        return failures.Build();
    }
}
