using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Api;

/// <summary>How many streams of snapshots and jobs may be open at once. Logs have limits of their own, because a log costs more.</summary>
internal sealed class StreamLimits
{
    /// <summary>Streams of one subject. Web opens one for each Collector.</summary>
    public int StreamsPerSubject { get; set; } = 100;

    /// <summary>Streams of all subjects together.</summary>
    public int Streams { get; set; } = 500;
}

/// <summary>Counts the open streams of each subject.</summary>
internal sealed class StreamLimiter(IOptions<StreamLimits> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _subjects = [];
    private int _open;

    public static void Add(IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<StreamLimits>()
            .Bind(builder.Configuration.GetSection(RequestLimits.SectionName))
            .Validate(
                limits => limits.StreamsPerSubject >= 1 && limits.Streams >= 1,
                "Limits:StreamsPerSubject and Limits:Streams must be at least 1."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton<StreamLimiter>();
    }

    /// <summary>Opens the stream until its answer ends, or answers 429.</summary>
    public IResult Open(HttpContext context, Func<IResult> stream)
    {
        var subject = Callers.From(context).Subject;
        if (Refusal(subject) is { } refusal)
        {
            return TypedResults.Problem(refusal, statusCode: StatusCodes.Status429TooManyRequests);
        }

        context.Response.OnCompleted(() =>
        {
            Leave(subject);
            return Task.CompletedTask;
        });
        return stream();
    }

    private string? Refusal(string subject)
    {
        using var _ = _gate.EnterScope();
        var (own, limits) = (_subjects.GetValueOrDefault(subject), options.Value);
        if (own >= limits.StreamsPerSubject)
        {
            return $"This subject has {own} open streams, the most for one (Limits:StreamsPerSubject). Close one of them.";
        }

        if (_open >= limits.Streams)
        {
            return $"{_open} streams are open, the most for all subjects together (Limits:Streams). Try again when one has been closed.";
        }

        _subjects[subject] = own + 1;
        _open++;
        return null;
    }

    private void Leave(string subject)
    {
        using var _ = _gate.EnterScope();
        _open--;
        if (--_subjects[subject] == 0)
        {
            _subjects.Remove(subject);
        }
    }
}
