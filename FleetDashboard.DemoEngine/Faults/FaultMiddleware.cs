using FleetDashboard.DemoEngine.Api;

namespace FleetDashboard.DemoEngine.Faults;

/// <summary>Applies the faults before any route is reached. The demo's own routes are exempt, so that faults can be cleared.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, ActiveFaults faults, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/demo"))
        {
            await next(context);
            return;
        }

        var current = faults.Current;
        if (current.Refuse)
        {
            context.Abort();
            return;
        }

        if (faults.Hangs(path))
        {
            await HangAsync(context);
            return;
        }

        if (current.LatencyMilliseconds > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(current.LatencyMilliseconds), time, context.RequestAborted);
        }

        if (faults.Fails(path))
        {
            await context.AnswerMessageAsync(StatusCodes.Status500InternalServerError, "demo fault: this path fails");
            return;
        }

        await next(context);
    }

    private async Task HangAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping,
            faults.StreamsCut
        );
        var never = new TaskCompletionSource();
        await using (end.Token.Register(never.SetResult))
        {
            await never.Task;
        }

        context.Abort();
    }
}
