namespace FleetDashboard.Web.Auth;

/// <summary>
/// A page that exists for one sign-in method only. With a provider, a password form would let an attacker test passwords.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnlyForAttribute(bool localAccounts) : Attribute
{
    public bool LocalAccounts { get; } = localAccounts;
}

internal static class OnlyFor
{
    /// <summary>Answers 404 for the pages of the other sign-in method.</summary>
    public static void UseSignInMethod(this WebApplication app)
    {
        var method = app.Services.GetRequiredService<SignInMethod>();
        app.Use(
            (context, next) =>
            {
                if (context.GetEndpoint()?.Metadata.GetMetadata<OnlyForAttribute>() is { } only && only.LocalAccounts != method.IsLocal)
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }
                return next(context);
            }
        );
    }
}
