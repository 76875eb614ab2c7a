using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace FleetDashboard.Web.Components.Layout;

/// <summary>
/// Sets what the address says of the page (filters, search, what is open). An address takes a round trip through the browser to become
/// the present one, so a second click within it starts from where the first one leads, and not from where it came from.
/// </summary>
internal sealed class PageQuery : IDisposable
{
    private readonly NavigationManager _navigation;
    private string? _ahead;

    public PageQuery(NavigationManager navigation)
    {
        _navigation = navigation;
        _navigation.LocationChanged += Arrived;
    }

    /// <summary>True while an address is on its way.</summary>
    public bool IsMoving => _ahead is not null;

    /// <summary>
    /// Sets parameters of the address and leaves the others as they are; null takes one away. The step is not one to go back to.
    /// </summary>
    public void Set(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var here = _ahead ?? _navigation.Uri;
        var there = _navigation.GetUriWithQueryParameters(here, parameters.ToDictionary(one => one.Name, one => (object?)one.Value));
        if (there == here)
        {
            return;
        }
        _ahead = there;
        _navigation.NavigateTo(there, replace: true);
    }

    /// <summary>Sets one parameter.</summary>
    public void Set(string name, string? value) => Set((name, value));

    public void Dispose() => _navigation.LocationChanged -= Arrived;

    // Somebody who went to another page in between is not taken back.
    private void Arrived(object? sender, LocationChangedEventArgs location)
    {
        if (_ahead is not null && (location.Location == _ahead || !IsSamePage(location.Location, _ahead)))
        {
            _ahead = null;
        }
    }

    private static bool IsSamePage(string one, string other) => new Uri(one).AbsolutePath == new Uri(other).AbsolutePath;
}
