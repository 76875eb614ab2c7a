namespace FleetDashboard.Collector.Engine;

/// <summary>
/// One of the loops of an <see cref="EngineSession"/>. It asks the engine and writes the answers to the <see cref="SignalQueue"/>. Sampling
/// and Databases have a loop each.
/// </summary>
internal interface ISessionLoop
{
    /// <summary>Runs until it is cancelled or the engine itself fails. Always ends with an exception.</summary>
    /// <param name="host">The engine of this session.</param>
    /// <param name="cancellationToken">Ends it with the session.</param>
    Task RunAsync(HostFacts host, CancellationToken cancellationToken);
}
