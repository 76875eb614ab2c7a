using System.IO.Compression;
using System.IO.Pipelines;
using FleetDashboard.Contracts;
using Microsoft.Net.Http.Headers;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

/// <summary>The route of <see cref="CadvisorScrape"/>: negotiates format and compression with the scraper.</summary>
internal static class CadvisorEndpoint
{
    public static RouteHandlerBuilder MapCadvisor(this IEndpointRouteBuilder routes) =>
        routes.MapGet(CollectorRoutes.CadvisorMetrics, ScrapeAsync);

    private static async Task ScrapeAsync(HttpContext context, CadvisorScrape scrape)
    {
        var (headers, response) = (context.Request.GetTypedHeaders(), context.Response);
        var openMetrics = WantsOpenMetrics(headers.Accept);
        response.ContentType = openMetrics ? Exposition.OpenMetricsType : Exposition.TextType;
        response.Headers.Vary = $"{HeaderNames.Accept}, {HeaderNames.AcceptEncoding}";
        response.Headers.CacheControl = "no-store";

        if (!TakesGzip(headers.AcceptEncoding))
        {
            await scrape.WriteAsync(new Exposition(response.BodyWriter, openMetrics), context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        var packed = PipeWriter.Create(gzip, new StreamPipeWriterOptions(leaveOpen: true));
        await scrape.WriteAsync(new Exposition(packed, openMetrics), context.RequestAborted);
        await packed.CompleteAsync();
    }

    private static bool WantsOpenMetrics(IList<MediaTypeHeaderValue> accepted) =>
        Quality(accepted, "application/openmetrics-text") is var open && open > 0 && open >= Quality(accepted, "text/plain");

    private static double Quality(IEnumerable<MediaTypeHeaderValue> accepted, string type) =>
        accepted
            .Where(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Select(one => one.Quality ?? 1)
            .DefaultIfEmpty(0)
            .Max();

    private static bool TakesGzip(IEnumerable<StringWithQualityHeaderValue> accepted) =>
        accepted.Any(one => one.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);
}
