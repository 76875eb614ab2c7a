using System.IO.Enumeration;

namespace FleetDashboard.Collector.Metadata;

/// <summary>
/// A pattern for container names: <c>*</c> matches any run of characters, <c>?</c> matches one. Case matters, as it does in Docker.
/// </summary>
internal sealed record NamePattern(string Text, int Line)
{
    public const int MaxLength = 128;

    private readonly bool _isPlain = Text.AsSpan().IndexOfAny('*', '?') < 0;

    public bool Matches(string container) =>
        _isPlain ? container == Text : FileSystemName.MatchesSimpleExpression(Text, container, ignoreCase: false);

    /// <summary>Parses a pattern. Returns it, or a phrase that says what is wrong.</summary>
    public static (NamePattern? Pattern, string? Wrong) Read(string text, int line)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return (null, $"has {text.Length} characters; a pattern has 1 to {MaxLength}");
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-' or '*' or '?'))
            {
                return (
                    null,
                    $"holds {Quoted.Char(c)}, which no container name has; use letters, digits, '_', '.' and '-', "
                        + "with '*' for any run of characters and '?' for one"
                );
            }
        }

        return (new NamePattern(text, line), null);
    }
}
