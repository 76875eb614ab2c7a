using System.ComponentModel.DataAnnotations;
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
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "Accounts:RevalidateEvery must lie between 1 s and 5 min.")]
    public TimeSpan RevalidateEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts to sign in that one address may make in a minute.</summary>
    [Range(1, 1000, ErrorMessage = "Accounts:AttemptsPerMinute must lie between 1 and 1000.")]
    public int AttemptsPerMinute { get; set; } = 10;
}

[OptionsValidator]
internal sealed partial class AccountsOptionsValidator : IValidateOptions<AccountsOptions>;
