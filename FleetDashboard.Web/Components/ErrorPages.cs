using Microsoft.AspNetCore.Diagnostics;

namespace FleetDashboard.Web.Components;

/// <summary>Shows <see cref="Pages.Account.StatusPage"/> for an error instead of an empty response.</summary>
internal static class ErrorPages
{
    public static void UseErrorPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler("/status/500", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
        app.Use(
            (context, next) =>
            {
                // The error page is always rendered as a GET. As a POST, Blazor would demand the antiforgery token of the form that failed.
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
