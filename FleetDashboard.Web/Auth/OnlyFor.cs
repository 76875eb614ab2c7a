namespace FleetDashboard.Web.Auth;

/// <summary>A page that is there for one way of signing in alone: with a provider, a form for passwords would be an oracle.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnlyForAttribute(bool localAccounts) : Attribute
{
    public bool LocalAccounts { get; } = localAccounts;
}

internal static class OnlyFor
{
    /// <summary>Answers 404 for the pages of the other way.</summary>
    public static void UseSignInWay(this WebApplication app)
    {
        var way = app.Services.GetRequiredService<SignInWay>();
        app.Use(
            (context, next) =>
            {
                if (context.GetEndpoint()?.Metadata.GetMetadata<OnlyForAttribute>() is { } only && only.LocalAccounts != way.IsLocal)
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }
                return next(context);
            }
        );
    }
}
