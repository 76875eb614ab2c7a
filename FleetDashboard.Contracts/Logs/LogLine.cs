using System.Text.Json.Serialization;

namespace FleetDashboard.Contracts.Logs;

/// <summary>One line that a container printed.</summary>
/// <param name="At">When the engine received it: RFC 3339 in UTC with nine digits of fraction, so that text order is time order.</param>
/// <param name="Container">The container's name.</param>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>; always <c>stdout</c> for a container with a terminal.</param>
/// <param name="Text">The line without its end. Untrusted: any character may be in it; what was no UTF-8 is U+FFFD.</param>
/// <param name="Cut">How many bytes the line has where more than <see cref="LogEvents.MaxTextBytes"/>; the text is then its
/// beginning.</param>
public sealed record LogLine(
    string At,
    string Container,
    string Stream,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Cut = null
);

/// <summary>Something between the lines that the reader has to know.</summary>
/// <param name="At">When, as in <see cref="LogLine.At"/>.</param>
/// <param name="Container">The container's name.</param>
/// <param name="Kind">A stable code for machines, one of <see cref="LogMarkKinds"/>.</param>
/// <param name="Text">What a person would say.</param>
public sealed record LogMark(string At, string Container, string Kind, string Text);

/// <summary>Why the Collector ended a stream.</summary>
/// <param name="Reason">A stable code for machines, one of <see cref="LogEndReasons"/>.</param>
/// <param name="Text">What a person would say, and what to do.</param>
public sealed record LogEnd(string Reason, string Text);
