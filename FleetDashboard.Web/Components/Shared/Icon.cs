using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// An icon of <c>IconSprite</c>. It is decoration: the text beside it carries the meaning. It is markup and not a component, because a page
/// draws dozens and each component costs about 3 KB per viewer.
/// </summary>
internal static class Icon
{
    // Bounded, because all names are constants in the code.
    private static readonly ConcurrentDictionary<(string Name, int Size), MarkupString> Drawn = new();

    /// <param name="name">The symbol's id without <c>i-</c>. Must be a constant, because it is written into the page unescaped.</param>
    /// <param name="size">Width and height, in pixels.</param>
    public static MarkupString Render(string name, int size = 14) =>
        Drawn.GetOrAdd(
            (name, size),
            static one => new MarkupString(
                $"""<svg class="icon" width="{one.Size}" height="{one.Size}" aria-hidden="true"><use href="#i-{one.Name}"></use></svg>"""
            )
        );
}
