namespace FleetDashboard.Contracts.Logs;

/// <summary>The events of a stream of log lines; <see cref="CollectorRoutes.HeartbeatEvent"/> comes beside them.</summary>
public static class LogEvents
{
    /// <summary>Carries a <see cref="LogLine"/>.</summary>
    public const string Line = "line";

    /// <summary>Carries a <see cref="LogMark"/>.</summary>
    public const string Mark = "mark";

    /// <summary>
    /// Once while following: what was asked for of the past has been sent, what comes now is live. Carries an empty object.
    /// </summary>
    public const string CaughtUp = "caught-up";

    /// <summary>The last event where the Collector ends the stream. Carries a <see cref="LogEnd"/>.</summary>
    public const string End = "end";

    /// <summary>The longest text of a line in bytes of UTF-8; the rest is cut off and counted.</summary>
    public const int MaxTextBytes = 64 * 1024;
}

/// <summary>What a <see cref="LogMark"/> can be.</summary>
public static class LogMarkKinds
{
    public const string Ended = "ended";
    public const string Started = "started";

    /// <summary>Ended and began again between two lines.</summary>
    public const string Restarted = "restarted";

    /// <summary>Another container took its place.</summary>
    public const string Recreated = "recreated";

    /// <summary>The engine cannot read its log.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Something could not be read, or the reading was interrupted.</summary>
    public const string Dropped = "dropped";

    public const string Removed = "removed";
}

/// <summary>Why a stream ended, in <see cref="LogEnd"/>.</summary>
public static class LogEndReasons
{
    /// <summary>The stream has sent as many bytes as one stream may carry.</summary>
    public const string Cap = "cap";

    /// <summary>Everything that was asked for has been sent.</summary>
    public const string Finished = "finished";

    /// <summary>The engine failed, or stayed away for too long.</summary>
    public const string Engine = "engine";

    /// <summary>Nothing is left that could print.</summary>
    public const string Removed = "removed";
}
