using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using FleetDashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>
/// The parts of a card that seldom change, as markup that is built once for all viewers. Blazor keeps every rendered piece twice for each
/// viewer, in arrays that double. With separate pieces, a card of three containers had 190 of them. With this markup it has about 120,
/// however many reasons, places and containers there are.
/// </summary>
internal sealed class CardMarkup
{
    private static readonly ConditionalWeakTable<AppCardModel, CardMarkup> Made = [];

    private CardMarkup(AppCardModel card) => (Why, Where, Marks) = (WhyOf(card), WhereOf(card), MarksOf(card));

    /// <summary>Why the app is not green, with links to the log lines that explain it. Empty where it is green.</summary>
    public MarkupString Why { get; }

    /// <summary>The app's ports, subnets and databases as tags. Empty where there are none.</summary>
    public MarkupString Where { get; }

    /// <summary>A small square for each container, which links to its log.</summary>
    public MarkupString Marks { get; }

    public static CardMarkup From(AppCardModel card) => Made.GetValue(card, static key => new CardMarkup(key));

    private static MarkupString WhyOf(AppCardModel card)
    {
        if (card.Reasons.Count == 0)
        {
            return default;
        }
        var html = new StringBuilder("""<ul class="why">""");
        foreach (var reason in card.Reasons)
        {
            var text = Encode(reason.Text);
            html.Append($"<li><b>{Encode(reason.Container)}</b> ")
                .Append(
                    reason.Href is { } href
                        ? $"""<a href="{Encode(href)}" title="The lines that explain it">{text}</a>"""
                        : $"<span>{text}</span>"
                )
                .Append("</li>");
        }
        if (card.MoreReasons > 0)
        {
            html.Append($"<li><span>and {card.MoreReasons} more</span></li>");
        }
        return new(html.Append("</ul>").ToString());
    }

    private static MarkupString WhereOf(AppCardModel card)
    {
        if (card.Tags.Count == 0)
        {
            return default;
        }
        var html = new StringBuilder($"""<ul class="where" aria-label="Where {Encode(card.Title)} lives">""");
        foreach (var tag in card.Tags)
        {
            var inside =
                $"{(tag.Alarm ? Icon.Render("alert", 12) : null)}"
                + $"{(tag.Strong is { } strong ? $"<b>{Encode(strong)}</b>" : null)}{Encode(tag.Text)}";
            html.Append(
                    $"""<li class="tag{(tag.Alarm ? " alarm" : null)}"{(tag.Tip is { } tip ? $""" title="{Encode(tip)}" """ : null)}>"""
                )
                .Append(tag.Href is { } href ? $"""<a href="{Encode(href)}">{inside}</a>""" : inside)
                .Append("</li>");
        }
        return new(html.Append("</ul>").ToString());
    }

    private static MarkupString MarksOf(AppCardModel card) =>
        new(
            string.Concat(
                card.Marks.Select(mark =>
                {
                    var label = Encode(mark.Label);
                    return $"""<a class="{mark.Color.Name()}{(mark.Database ? " db" : null)}" href="{Encode(mark.Href)}" """
                        + $"""title="{label}" aria-label="Log of {label}" tabindex="-1"></a>""";
                })
            )
        );

    // Names from the engine are untrusted text.
    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
