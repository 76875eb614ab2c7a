using Microsoft.AspNetCore.Diagnostics;

namespace FleetDashboard.Web.Components;

/// <summary>What went wrong, drawn by <see cref="Pages.Account.StatusPage"/> instead of an empty answer.</summary>
internal static class ErrorPages
{
    public static void UseErrorPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler("/status/500", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
        app.Use(
            (context, next) =>
            {
                // The page is read, whatever the request that failed was: as a POST it would be asked for that form's token again.
                if (
                    context.Features.Get<IStatusCodeReExecuteFeature>() is not null
                    || context.Features.Get<IExceptionHandlerFeature>() is not null
                )
                {
                    context.Request.Method = HttpMethods.Get;
                }
                return next(context);
            }
        );
    }
}
