using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FleetDashboard.Collector.Api;

/// <summary>
/// Records requests to act whose token is missing, expired, signed with another key or meant for another Collector. Such requests cost
/// nothing to send, so records are rate-limited and the rest is only counted.
/// </summary>
internal sealed class UnauthenticatedActionAudit(RequestDelegate next, JobSubmission jobs, ActionMetrics metrics, TimeProvider time)
{
    /// <summary>Records a minute. At this rate an attack of 400 days adds a quarter of a gigabyte to the trail.</summary>
    private const int PerMinute = 1;

    private const int AtOnce = 60;
    private const int MaxToken = 8 * 1024;

    private readonly Lock _gate = new();
    private double _left = AtOnce;
    private long _unrecorded;
    private DateTimeOffset _at = time.GetUtcNow();

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (
            context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            && ActionRoute.Find(context) is not null
            && context.Features.Get<ActingFilter>() is null
        )
        {
            var action = ActionRoute.ActionOf(context);
            if (TryCount(action) is { } before)
            {
                jobs.Record(Refusal(context, action, before));
            }
        }
    }

    // How many requests before this one were not recorded; null where this one is not recorded either.
    private long? TryCount(string action)
    {
        using (_gate.EnterScope())
        {
            var now = time.GetUtcNow();
            _left = Math.Min(AtOnce, _left + ((now - _at).TotalMinutes * PerMinute));
            _at = now;
            if (_left < 1)
            {
                _unrecorded++;
                metrics.Ended(action, "refused");
                return null;
            }

            _left--;
            var before = _unrecorded;
            _unrecorded = 0;
            return before;
        }
    }

    private static AuditEntry Refusal(HttpContext context, string action, long before)
    {
        var (app, id) = (context.Request.RouteValues["app"] as string, context.Request.RouteValues["id"] as string);
        if (context.User.Identity?.IsAuthenticated == true)
        {
            var caller = Callers.From(context);
            return JobRecords.Refusal(
                caller,
                action,
                app,
                id,
                null,
                ActionGuard.Permits(caller.Role) ?? new Refusal(RefusalCodes.Role, "this role may not act")
            );
        }

        var claimed = Claimed(context.Request.Headers.Authorization.ToString());
        return new AuditEntry("unknown", action, AuditPhases.Refusal)
        {
            Source = Callers.Connection(context),
            App = app,
            Container = id,
            Outcome = RefusalCodes.Token,
            Reason =
                (claimed is null ? "No readable token." : $"The token claims to be from '{claimed}' but is not valid.")
                + (before > 0 ? $" {before} earlier requests like this one were not recorded." : ""),
        };
    }

    private static string? Claimed(string header)
    {
        const string scheme = "Bearer ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || header.Length > MaxToken)
        {
            return null;
        }

        try
        {
            var token = new JsonWebToken(header[scheme.Length..]);
            return token.TryGetValue<string>(CollectorToken.NameClaim, out var name) ? name : token.Subject;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
