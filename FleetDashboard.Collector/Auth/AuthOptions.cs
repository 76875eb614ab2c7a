using System.Text;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Auth;

/// <summary>The secret that callers sign their tokens with. It never travels.</summary>
internal sealed class AuthOptions
{
    public const string SectionName = "Auth";

    /// <summary>The secret in force; its UTF-8 bytes are the key.</summary>
    public string? SharedSecret { get; set; }

    /// <summary>The one before it, valid as well while it is being replaced.</summary>
    public string? PreviousSharedSecret { get; set; }

    /// <summary>
    /// The address of this Collector as Web is configured with it, for example <c>collector:8080</c>; without a port it counts for every
    /// port. Several
    /// are separated by commas. Tokens that act must name it. Unset: only the IP address and port of the connection itself count, or
    /// <c>localhost</c> on loopback.
    /// </summary>
    public string? Audience { get; set; }

    public IEnumerable<string> Audiences =>
        (Audience ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>No secret, no start: an open Collector is root for everybody.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (string.IsNullOrEmpty(options.SharedSecret))
        {
            builder.AddError(
                $"Auth:SharedSecret is missing: set it (Auth__SharedSecret, or FLEET_SHARED_SECRET for run.sh) to at least {CollectorToken.MinSecretBytes} bytes, the same for Collector and Web."
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
                $"Auth:Audience holds '{address}', which is not an address. Write the host and port of this Collector as Web has them, e.g. collector:8080."
            );
        }

        return builder.Build();
    }

    // "[::1]:5081" as well as "collector:8080" and "collector".
    private static string HostOf(string address) =>
        address.LastIndexOf(':') is var colon and > 0 && !address.EndsWith(']') && int.TryParse(address.AsSpan(colon + 1), out _)
            ? address[..colon]
            : address;

    private static bool TooShort(string secret) => Encoding.UTF8.GetByteCount(secret) < CollectorToken.MinSecretBytes;

    private static string Short(string key, string secret) =>
        $"{key} has {Encoding.UTF8.GetByteCount(secret)} bytes; it needs at least {CollectorToken.MinSecretBytes}, e.g. the output of "
        + "`openssl rand -base64 48`.";
}
