using System.Net;
using System.Text.RegularExpressions;
using FleetDashboard.Web.Auth;

namespace FleetDashboard.Tests.Support;

/// <summary>A client without script: keeps cookies, does not follow redirects, submits forms.</summary>
internal sealed partial class Browserless : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _client;

    public Browserless(Uri page) =>
        _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies }) { BaseAddress = page };

    public Browserless(WebApp app)
        : this(app.Url) { }

    /// <summary>The cookies of the web app, as a Cookie header. Setting it takes over another client's cookies.</summary>
    public string Cookies
    {
        get => _cookies.GetCookieHeader(_client.BaseAddress!);
        set
        {
            foreach (var cookie in value.Split("; "))
            {
                _cookies.SetCookies(_client.BaseAddress!, cookie);
            }
        }
    }

    /// <summary>Adds a header to every later request, as a proxy would.</summary>
    public void AddHeader(string header, string value) => _client.DefaultRequestHeaders.Add(header, value);

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken) =>
        _client.GetAsync(path, cancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, cancellationToken);

    /// <summary>A response whose body has not been read.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public async Task<HttpResponseMessage> SignInAsync(
        string user,
        string password,
        CancellationToken cancellationToken,
        string? returnUrl = null
    )
    {
        var path = returnUrl is null
            ? AccountRoutes.SignIn
            : $"{AccountRoutes.SignIn}?{AccountRoutes.ReturnUrl}={Uri.EscapeDataString(returnUrl)}";
        var form = await FormAsync(path, cancellationToken);
        form["_handler"] = "sign-in"; // with passkeys, the page has a second form
        form["Form.UserName"] = user;
        form["Form.Password"] = password;
        return await PostAsync(path, form, cancellationToken);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(form);
        return await _client.PostAsync(path, content, cancellationToken);
    }

    /// <summary>The hidden fields of the page's last form.</summary>
    public async Task<Dictionary<string, string>> FormAsync(string path, CancellationToken cancellationToken) =>
        Fields(await _client.GetStringAsync(path, cancellationToken));

    /// <summary>The hidden fields of a page that was already loaded.</summary>
    public static Dictionary<string, string> Fields(string html)
    {
        var fields = new Dictionary<string, string>();
        foreach (Match match in HiddenField().Matches(html))
        {
            fields[match.Groups[1].Value] = WebUtility.HtmlDecode(match.Groups[2].Value);
        }
        return fields;
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)"\s*/?>""")]
    private static partial Regex HiddenField();
}
