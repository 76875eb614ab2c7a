using System.Text;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Auth;

/// <summary>The secret with which callers sign their tokens. It is never sent.</summary>
internal sealed class AuthOptions
{
    public const string SectionName = "Auth";

    /// <summary>The current secret. Its UTF-8 bytes are the key.</summary>
    public string? SharedSecret { get; set; }

    /// <summary>The previous secret, which stays valid during a rotation.</summary>
    public string? PreviousSharedSecret { get; set; }

    /// <summary>
    /// The Collector's address as Web is configured with it, for example <c>collector:8080</c>. Without a port, every port matches.
    /// Separate several addresses by commas. A token that runs an action must name one of them. If unset, only the IP address and port of
    /// the connection match, or <c>localhost</c> on loopback.
    /// </summary>
    public string? Audience { get; set; }

    public IEnumerable<string> Audiences =>
        (Audience ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Stops the start if there is no secret, because an open Collector gives every caller root access to the host.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (string.IsNullOrEmpty(options.SharedSecret))
        {
            builder.AddError(
                "Auth:SharedSecret is missing. Set it (Auth__SharedSecret, or FLEET_SHARED_SECRET for run.sh) to at least "
                    + $"{CollectorToken.MinSecretBytes} bytes, the same value for Collector and Web."
            );
        }
        else if (TooShort(options.SharedSecret))
        {
            builder.AddError(Short("Auth:SharedSecret", options.SharedSecret));
        }

        if (!string.IsNullOrEmpty(options.PreviousSharedSecret) && TooShort(options.PreviousSharedSecret))
        {
            builder.AddError(Short("Auth:PreviousSharedSecret", options.PreviousSharedSecret));
        }

        foreach (var address in options.Audiences.Where(address => Uri.CheckHostName(HostOf(address)) == UriHostNameType.Unknown))
        {
            builder.AddError(
                $"Auth:Audience contains '{address}', which is not an address. "
                    + "Write this Collector's host and port as Web is configured with them, e.g. collector:8080."
            );
        }

        return builder.Build();
    }

    // Accepts "[::1]:5081" as well as "collector:8080" and "collector".
    private static string HostOf(string address) =>
        address.LastIndexOf(':') is var colon and > 0 && !address.EndsWith(']') && int.TryParse(address.AsSpan(colon + 1), out _)
            ? address[..colon]
            : address;

    private static bool TooShort(string secret) => Encoding.UTF8.GetByteCount(secret) < CollectorToken.MinSecretBytes;

    private static string Short(string key, string secret) =>
        $"{key} has {Encoding.UTF8.GetByteCount(secret)} bytes but needs at least {CollectorToken.MinSecretBytes}. "
        + $"Use for example the output of "
        + "`openssl rand -base64 48`.";
}
