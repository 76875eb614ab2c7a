using System.Globalization;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>What all responses of the engine share: headers, the version in the path, the format of a 404.</summary>
internal sealed class EngineConventions(RequestDelegate next)
{
    private const int NewestMinor = 41;

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Api-Version"] = DemoHost.ApiVersion;
        headers["Docker-Experimental"] = "false";
        headers["Ostype"] = "linux";
        headers.Server = $"Docker/{DemoHost.EngineVersion} (linux)";

        if (Minor(context.Request.Path, out var rest) is { } minor)
        {
            if (minor > NewestMinor)
            {
                await context.AnswerMessageAsync(
                    StatusCodes.Status400BadRequest,
                    $"client version 1.{minor} is too new. Maximum supported API version is {DemoHost.ApiVersion}"
                );
                return;
            }

            context.Request.Path = rest;
        }

        await next(context);

        // The engine never returns 405: a route without this method does not exist.
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed })
        {
            headers.Allow = default;
            await context.AnswerMessageAsync(StatusCodes.Status404NotFound, "page not found");
        }
    }

    private static int? Minor(PathString path, out PathString rest)
    {
        rest = path;
        var text = path.Value ?? "";
        if (!text.StartsWith("/v1.", StringComparison.Ordinal))
        {
            return null;
        }

        var slash = text.IndexOf('/', 4);
        if (slash < 0 || !int.TryParse(text.AsSpan(4, slash - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
        {
            return null;
        }

        rest = new PathString(text[slash..]);
        return minor;
    }
}
