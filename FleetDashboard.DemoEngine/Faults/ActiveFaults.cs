using System.IO.Enumeration;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Faults;

/// <summary>The active faults, and the switch that cuts open streams.</summary>
internal sealed class ActiveFaults(IOptions<DemoOptions> options) : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _streams = new();
    private FaultSettings _current = options.Value.Faults;

    public FaultSettings Current => Volatile.Read(ref _current);

    /// <summary>Cancelled when the streams opened so far are cut.</summary>
    public CancellationToken StreamsCut
    {
        get
        {
            lock (_gate)
            {
                return _streams.Token;
            }
        }
    }

    public void Set(FaultSettings settings)
    {
        Volatile.Write(ref _current, settings with { Cut = false });
        if (settings.Cut || settings.Refuse)
        {
            CutStreams();
        }
    }

    public bool Hangs(PathString path) => Matches(Current.Hang, path);

    public bool Fails(PathString path) => Matches(Current.Fail, path);

    public void CutStreams()
    {
        CancellationTokenSource cut;
        lock (_gate)
        {
            (cut, _streams) = (_streams, new CancellationTokenSource());
        }

        // Outside the lock, because callbacks run here. Not disposed, because a request may still hold the token.
        cut.Cancel();
    }

    public void Dispose() => _streams.Dispose();

    private static bool Matches(IReadOnlyList<string> patterns, PathString path)
    {
        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, path.Value))
            {
                return true;
            }
        }

        return false;
    }
}
