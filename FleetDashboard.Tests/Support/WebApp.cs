using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FleetDashboard.Tests.Support;

/// <summary>The real web app on a real port, with its own data folder.</summary>
internal sealed class WebApp : WebApplicationFactory<FleetHosts>
{
    public const string Admin = FirstOperator.UserName;
    public const string Password = "correct horse battery";

    private readonly Dictionary<string, string?> _settings;

    private readonly Action<IServiceCollection>? _services;

    private WebApp(Uri? collector, Action<IServiceCollection>? services, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        _services = services;
        DataPath = Path.Combine(Path.GetTempPath(), $"fleet-web-{Guid.NewGuid():N}");
        _settings = new()
        {
            ["Collectors:SharedSecret"] = FakeCollector.Secret,
            ["Collectors:Hosts:0:Url"] = collector?.ToString(),
            ["Data:Path"] = DataPath,
            ["Accounts:AdminPassword"] = Password,
            ["Accounts:RevalidateEvery"] = "00:00:01",
            ["Accounts:AttemptsPerMinute"] = "1000",
        };
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }
    }

    public string DataPath { get; }

    public Uri Url { get; private set; } = default!;

    /// <summary>Its log, with the levels that it ships with.</summary>
    public CapturedLog Log { get; } = new();

    public FleetHosts Hosts => Services.GetRequiredService<FleetHosts>();

    public static WebApp Start(Uri collector, params IEnumerable<KeyValuePair<string, string?>> settings) =>
        StartOn(0, collector, settings);

    /// <summary>Starts it on a port that must be fixed in advance.</summary>
    public static WebApp StartOn(int port, Uri collector, params IEnumerable<KeyValuePair<string, string?>> settings) =>
        Start(port, new WebApp(collector, null, settings));

    /// <summary>Starts it with a replaced service. If <paramref name="collector"/> is null, it has no Collector.</summary>
    public static WebApp Start(
        Uri? collector,
        Action<IServiceCollection> services,
        params IEnumerable<KeyValuePair<string, string?>> settings
    ) => Start(0, new WebApp(collector, services, settings));

    private static WebApp Start(int port, WebApp app)
    {
        app.UseKestrel(port);
        app.StartServer();
        app.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return app;
    }

    /// <summary>Creates an account, as an operator's tool would.</summary>
    public async Task AddUserAsync(string name, string? role)
    {
        await using var scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var user = new IdentityUser(name);
        Xunit.Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        if (role is not null)
        {
            Xunit.Assert.True((await users.AddToRoleAsync(user, role)).Succeeded);
        }
    }

    /// <summary>Deletes an account, as an operator's tool would.</summary>
    public async Task RemoveUserAsync(string name)
    {
        await using var scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        await users.DeleteAsync((await users.FindByNameAsync(name))!);
    }

    /// <summary>The view of the first host, once it matches.</summary>
    public async Task<HostView> UntilAsync(Func<HostView, bool> condition, CancellationToken cancellationToken) =>
        (await UntilFleetAsync(view => view.Hosts is [var first, ..] && condition(first), cancellationToken)).Hosts[0];

    /// <summary>The view of the fleet, once it matches.</summary>
    public async Task<FleetView> UntilFleetAsync(Func<FleetView, bool> condition, CancellationToken cancellationToken)
    {
        await foreach (var view in Hosts.WatchAsync(cancellationToken))
        {
            if (condition(view))
            {
                return view;
            }
        }
        throw new InvalidOperationException("The view ended.");
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in _settings.Where(setting => setting.Value is not null))
        {
            builder.UseSetting(key, value);
        }
        if (_services is not null)
        {
            builder.ConfigureTestServices(_services);
        }
        builder.ConfigureLogging(logging =>
        {
            if (!_settings.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"))
            {
                logging.ClearProviders();
            }
            logging.AddProvider(Log);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();

        // Loops that end with the server may still be writing.
        for (var left = 50; Directory.Exists(DataPath); left--)
        {
            try
            {
                Directory.Delete(DataPath, recursive: true);
            }
            catch (IOException) when (left > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
