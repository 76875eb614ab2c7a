using System.Security.Claims;
using FleetDashboard.ServiceDefaults;
using FleetDashboard.ServiceDefaults.Async;
using FleetDashboard.Web.Auth;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Components;

/// <summary>How many pages may be open at once. Each costs about 2 MB of memory.</summary>
internal sealed class OpenPageLimits
{
    /// <summary>Most open pages of one user.</summary>
    public int CircuitsPerUser { get; set; } = 50;

    /// <summary>Most open pages of all users together.</summary>
    public int Circuits { get; set; } = 200;
}

/// <summary>Counts what each user holds, up to a limit per user and a limit in total.</summary>
internal sealed class UserPageLimiter(int perUser, int inAll)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _users = [];
    private int _taken;

    /// <summary>Why this user can open no more, as a sentence. Null if the user can.</summary>
    public string? Refusal(string user)
    {
        using var _ = _gate.EnterScope();
        var own = _users.GetValueOrDefault(user);
        return own >= perUser ? $"You have {own} open pages, the limit for one user (Limits:CircuitsPerUser). Close some of them."
            : _taken >= inAll ? $"{_taken} pages are open, the limit for all users together (Limits:Circuits). Try again later."
            : null;
    }

    /// <summary>Takes one slot, or returns null at a limit. Disposing the result frees it.</summary>
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

/// <summary>Limits open pages, and connections that may become pages.</summary>
internal sealed class OpenPages(IOptions<OpenPageLimits> options)
{
    public const string Hub = "/_blazor";

    // A browser that reconnects briefly has two connections.
    private const int ConnectionsPerPage = 2;

    public UserPageLimiter Circuits { get; } = new(options.Value.CircuitsPerUser, options.Value.Circuits);

    public UserPageLimiter Connections { get; } =
        new(options.Value.CircuitsPerUser * ConnectionsPerPage, options.Value.Circuits * ConnectionsPerPage);
}

/// <summary>
/// The slot of one circuit. It is taken when the circuit is created and freed when the circuit is closed, with any transport.
/// </summary>
internal sealed class CircuitSlot(OpenPages pages, AuthenticationStateProvider users) : CircuitHandler
{
    private IDisposable? _slot;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var user = (await users.GetAuthenticationStateAsync()).User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        _slot =
            pages.Circuits.TryEnter(user)
            ?? throw new InvalidOperationException(pages.Circuits.Refusal(user) ?? "No more pages can be opened.");
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _slot?.Dispose();
        return Task.CompletedTask;
    }
}

internal static class OpenPagesServices
{
    // Blazor keeps a page whose browser vanished, so that the browser can reconnect. Few are kept, because each still costs as much as an
    // open page.
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
        builder.Services.AddScoped<CircuitHandler, CircuitSlot>();
        builder.Services.Configure<Microsoft.AspNetCore.Components.Server.CircuitOptions>(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = MaxDisconnected;
            circuits.PersistedCircuitInMemoryMaxRetained = MaxDisconnected;
        });
    }

    /// <summary>
    /// Responds with 429 and a reason if no page can be opened, before any work is done for it. Must run after authentication.
    /// </summary>
    public static void UseOpenPages(this IApplicationBuilder app)
    {
        var pages = app.ApplicationServices.GetRequiredService<OpenPages>();
        app.Use(
            async (context, next) =>
            {
                var isUpgrade = WebSocketUpgrade.IsRequested(context);
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
                await next(context); // the request lasts as long as the WebSocket
            }
        );
    }
}
