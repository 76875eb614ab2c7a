using System.Net;
using FleetDashboard.Web.Auth;
using Xunit;

namespace FleetDashboard.Tests.Support.Oidc;

/// <summary>A client without script that goes back and forth between the dashboard and the provider.</summary>
internal sealed class OidcVisit(WebApp app, Uri issuer) : IDisposable
{
    private const int MostRedirects = 12;

    private readonly CookieContainer _cookies = new();
    private HttpClient? _http;

    private HttpClient Client => _http ??= new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies });

    /// <summary>The address at which the last request ended.</summary>
    public Uri At { get; private set; } = app.Url;

    /// <summary>Every address visited by the last request.</summary>
    public List<Uri> Way { get; } = [];

    public async Task<string> GoAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Url, path));
        return await FollowAsync(request, until: null, cancellationToken);
    }

    /// <summary>Opens a page and logs in at the provider it redirects to. Follows all redirects.</summary>
    public async Task<string> SignInAsync(string login, CancellationToken cancellationToken, string path = "/")
    {
        await GoAsync(path, cancellationToken);
        return await LogInAsync(new() { ["login"] = login }, until: null, cancellationToken);
    }

    /// <summary>The same, but stops before the callback and returns its address.</summary>
    public async Task<Uri> CallbackAsync(string login, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Url);
        await FollowAsync(request, until: "/signin-oidc", cancellationToken);
        if (At.Authority == issuer.Authority)
        {
            await LogInAsync(new() { ["login"] = login }, until: "/signin-oidc", cancellationToken);
        }
        return At;
    }

    /// <summary>Submits the provider's form.</summary>
    public Task<string> LogInAsync(Dictionary<string, string> form, string? until, CancellationToken cancellationToken)
    {
        Assert.StartsWith("/interaction/", At.AbsolutePath, StringComparison.Ordinal);
        return FollowAsync(
            new HttpRequestMessage(HttpMethod.Post, At) { Content = new FormUrlEncodedContent(form) },
            until,
            cancellationToken
        );
    }

    public async Task<string> PostAsync(Uri address, Dictionary<string, string> form, CancellationToken cancellationToken) =>
        await FollowAsync(
            new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) },
            until: null,
            cancellationToken
        );

    public async Task<string> OpenAsync(Uri address, CancellationToken cancellationToken) =>
        await FollowAsync(new HttpRequestMessage(HttpMethod.Get, address), until: null, cancellationToken);

    /// <summary>Requests one page without following redirects.</summary>
    public async Task<HttpResponseMessage> RequestAsync(string path, CancellationToken cancellationToken) =>
        await Client.GetAsync(new Uri(app.Url, path), cancellationToken);

    /// <summary>Deletes a cookie of the dashboard, as if it had expired.</summary>
    public void Lose(string cookie) => _cookies.GetCookies(app.Url)[cookie]!.Expired = true;

    /// <summary>Copies a cookie of the dashboard from another visit.</summary>
    public void CopyCookie(OidcVisit other, string cookie) =>
        _cookies.Add(app.Url, new Cookie(cookie, other._cookies.GetCookies(app.Url)[cookie]!.Value));

    /// <summary>Whether a cookie of the dashboard exists.</summary>
    public bool Has(string cookie) => _cookies.GetCookies(app.Url)[cookie] is not null;

    /// <summary>Signs out here and returns the page that leads to the provider.</summary>
    public async Task<string> SignOutAsync(CancellationToken cancellationToken)
    {
        var page = await GoAsync("/no-access", cancellationToken);
        return await PostAsync(new Uri(app.Url, AccountRoutes.SignOut), Browserless.Fields(page), cancellationToken);
    }

    /// <summary>Whether the dashboard accepts the session without asking the provider.</summary>
    public async Task<bool> IsSignedInAsync(CancellationToken cancellationToken)
    {
        using var response = await Client.GetAsync(new Uri(app.Url, "/no-access"), cancellationToken);
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>A response of the dashboard whose body has not been read.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Url, path));
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http?.Dispose();

    private async Task<string> FollowAsync(HttpRequestMessage request, string? until, CancellationToken cancellationToken)
    {
        Way.Clear();
        for (var left = MostRedirects; left > 0; left--)
        {
            At = request.RequestUri!;
            Way.Add(At);
            if (until is not null && At.AbsolutePath == until)
            {
                return "";
            }
            using var response = await Client.SendAsync(request, cancellationToken);
            if (response.Headers.Location is not { } location)
            {
                return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(cancellationToken));
            }
            request = new HttpRequestMessage(HttpMethod.Get, new Uri(At, location));
        }
        throw new InvalidOperationException($"The redirects form a loop: {string.Join(" -> ", Way)}");
    }
}
