using System.Text.Encodings.Web;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>
/// One small mark for each container of an app, which leads to its log. Markup, made once for all viewers: drawn piece by piece, they alone took a card's drawing
/// over the 128 pieces from which on the framework keeps twice as much of it for every viewer.
/// </summary>
internal static class CardMarks
{
    public static MarkupString Of(IEnumerable<ContainerSnapshot> containers) => new(string.Concat(containers.Select(Of)));

    private static string Of(ContainerSnapshot container)
    {
        var colour = $"{container.Color.Name()}{(container.Database is null ? "" : " db")}";
        var (href, label) = (Encode(Links.ContainerLogs(container)), Encode($"{container.Service}: {StateWords.Of(container)}"));
        return $"""<a class="{colour}" href="{href}" title="{label}" aria-label="Log of {label}" tabindex="-1"></a>""";
    }

    // Names and labels of containers are anybody's.
    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
