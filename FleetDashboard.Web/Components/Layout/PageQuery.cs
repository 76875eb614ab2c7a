using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace FleetDashboard.Web.Components.Layout;

/// <summary>
/// Sets the parts of the address that describe the page (filters, search, what is open). A new address needs a round trip through the
/// browser, so a second change before it returns starts from the pending address.
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

    /// <summary>True while a new address has not yet returned from the browser.</summary>
    public bool IsMoving => _ahead is not null;

    /// <summary>
    /// Sets parameters of the address and keeps all others. Null removes a parameter. Adds no entry to the browser's history.
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

    // Do not go back if the viewer went to another page in the meantime.
    private void Arrived(object? sender, LocationChangedEventArgs location)
    {
        if (_ahead is not null && (location.Location == _ahead || !IsSamePage(location.Location, _ahead)))
        {
            _ahead = null;
        }
    }

    private static bool IsSamePage(string one, string other) => new Uri(one).AbsolutePath == new Uri(other).AbsolutePath;
}
