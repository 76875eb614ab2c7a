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
                $"Auth:SharedSecret is missing: set it (Auth__SharedSecret, or FLEET_SHARED_SECRET for run.sh) to at least {CollectorToken.MinSecretBytes} bytes, the same for Collector and Web.");
        }
        else if (TooShort(options.SharedSecret))
        {
            builder.AddError(Short("Auth:SharedSecret", options.SharedSecret));
        }

        if (!string.IsNullOrEmpty(options.PreviousSharedSecret) && TooShort(options.PreviousSharedSecret))
        {
            builder.AddError(Short("Auth:PreviousSharedSecret", options.PreviousSharedSecret));
        }

        return builder.Build();
    }

    private static bool TooShort(string secret) => Encoding.UTF8.GetByteCount(secret) < CollectorToken.MinSecretBytes;

    private static string Short(string key, string secret) =>
        $"{key} has {Encoding.UTF8.GetByteCount(secret)} bytes; it needs at least {CollectorToken.MinSecretBytes}, e.g. the output of `openssl rand -base64 48`.";
}
