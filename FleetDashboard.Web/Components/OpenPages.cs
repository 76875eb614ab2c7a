using System.Security.Claims;
using FleetDashboard.ServiceDefaults;
using FleetDashboard.ServiceDefaults.Async;
using FleetDashboard.Web.Auth;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Components;

/// <summary>How many pages are open at once. Each costs about two megabytes.</summary>
internal sealed class OpenPageLimits
{
    /// <summary>Open pages of one user.</summary>
    public int CircuitsPerUser { get; set; } = 50;

    /// <summary>Open pages of all users together.</summary>
    public int Circuits { get; set; } = 200;
}

/// <summary>The places that are taken by users, up to a number for each and in all.</summary>
internal sealed class UserPageLimiter(int perUser, int inAll)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _users = [];
    private int _taken;

    /// <summary>Why this user gets no other place now, as a sentence; null when there is one.</summary>
    public string? Refusal(string user)
    {
        using var _ = _gate.EnterScope();
        var own = _users.GetValueOrDefault(user);
        return own >= perUser ? $"You have {own} pages open, the most for one user (Limits:CircuitsPerUser). Close some of them."
            : _taken >= inAll
                ? $"{_taken} pages are open, the most for all users together (Limits:Circuits). Try again when some have been closed."
            : null;
    }

    /// <summary>Takes a place; what is returned gives it back. Null when there is none.</summary>
    public IDisposable? TryEnter(string user)
    {
        using var _ = _gate.EnterScope();
        var own = _users.GetValueOrDefault(user);
        if (own >= perUser || _taken >= inAll)
        {
            return null;
        }
        _users[user] = own + 1;
        _taken++;
        return new OnDispose(() => Leave(user));
    }

    private void Leave(string user)
    {
        using var _ = _gate.EnterScope();
        _taken--;
        if (--_users[user] == 0)
        {
            _users.Remove(user);
        }
    }
}

/// <summary>The pages that are open, and the connections that may become pages.</summary>
internal sealed class OpenPages(IOptions<OpenPageLimits> options)
{
    public const string Hub = "/_blazor";

    // A browser that reconnects has two connections for a moment.
    private const int ConnectionsPerPage = 2;

    public UserPageLimiter Circuits { get; } = new(options.Value.CircuitsPerUser, options.Value.Circuits);

    public UserPageLimiter Connections { get; } =
        new(options.Value.CircuitsPerUser * ConnectionsPerPage, options.Value.Circuits * ConnectionsPerPage);
}

/// <summary>
/// One circuit's place. It is taken when the circuit is made and given back when the circuit is gone, by whatever transport its browser
/// speaks.
/// </summary>
internal sealed class CircuitPlace(OpenPages pages, AuthenticationStateProvider users) : CircuitHandler
{
    private IDisposable? _place;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var user = (await users.GetAuthenticationStateAsync()).User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        _place =
            pages.Circuits.TryEnter(user)
            ?? throw new InvalidOperationException(pages.Circuits.Refusal(user) ?? "No more pages can be opened.");
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _place?.Dispose();
        return Task.CompletedTask;
    }
}

internal static class OpenPagesServices
{
    // A page whose browser has gone without a word is kept for it to come back: few of them, since each still costs what an open page does.
    private const int MaxDisconnected = 20;

    public static void AddOpenPages(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<OpenPageLimits>()
            .BindConfiguration(RequestLimits.SectionName)
            .Validate(
                limits => limits.CircuitsPerUser >= 1 && limits.Circuits >= 1,
                "Limits:CircuitsPerUser and Limits:Circuits must be at least 1."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton<OpenPages>();
        builder.Services.AddScoped<CircuitHandler, CircuitPlace>();
        builder.Services.Configure<Microsoft.AspNetCore.Components.Server.CircuitOptions>(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = MaxDisconnected;
            circuits.PersistedCircuitInMemoryMaxRetained = MaxDisconnected;
        });
    }

    /// <summary>Answers 429 with a sentence where no page can be opened, before anything is made for it. After authentication.</summary>
    public static void UseOpenPages(this IApplicationBuilder app)
    {
        var pages = app.ApplicationServices.GetRequiredService<OpenPages>();
        app.Use(
            async (context, next) =>
            {
                var isUpgrade = Upgrades.IsOne(context);
                if (
                    !context.Request.Path.StartsWithSegments(OpenPages.Hub, out var rest)
                    || !(isUpgrade || rest.StartsWithSegments("/negotiate"))
                )
                {
                    await next(context);
                    return;
                }
                var user = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
                var refusal = pages.Circuits.Refusal(user) ?? pages.Connections.Refusal(user);
                using var place = refusal is null && isUpgrade ? pages.Connections.TryEnter(user) : null;
                if (refusal is not null || (isUpgrade && place is null))
                {
                    await TypedResults
                        .Problem(refusal ?? "Too many pages are open.", statusCode: StatusCodes.Status429TooManyRequests)
                        .ExecuteAsync(context);
                    return;
                }
                await next(context); // a WebSocket's request lasts as long as the WebSocket
            }
        );
    }
}
