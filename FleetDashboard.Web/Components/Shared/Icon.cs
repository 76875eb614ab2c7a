using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// One of the drawings in <c>IconSprite</c>; decoration only, the words beside it carry the meaning. A piece of markup and no component: a
/// page draws dozens, and each
/// component costs every viewer some 3 KB for as long as the page is open.
/// </summary>
internal static class Icon
{
    private static readonly ConcurrentDictionary<(string Name, int Size), MarkupString> Drawn = new(); // As many as the pages name.

    /// <param name="name">The symbol's id without <c>i-</c>; a word of the code's own, since it goes into the page as it is.</param>
    /// <param name="size">Width and height, in pixels.</param>
    public static MarkupString Render(string name, int size = 14) =>
        Drawn.GetOrAdd(
            (name, size),
            static one => new MarkupString(
                $"""<svg class="icon" width="{one.Size}" height="{one.Size}" aria-hidden="true"><use href="#i-{one.Name}"></use></svg>"""
            )
        );
}
