using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Cleans what a Collector sent. A Collector repeats what engines, databases and images report, so any number can be absurd and any text
/// hostile. A number that no host can have and a time outside of this century become null, and duplicate keys are dropped. The page may
/// then add, format and draw without checks.
/// </summary>
internal static class Received
{
    private const long MostBytes = 1L << 60;
    private const double MostCores = 1 << 16;
    private const double MostBytesPerSecond = 1L << 50;
    private const int MostSteps = 10_000;
    private const int MostCount = 1_000_000_000;
    private const int LongestText = 4096;
    private const int MostActions = 50;
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The shortest and the longest configurable pace of a Collector.</summary>
    private static readonly (double Shortest, double Longest) Pace = (1, TimeSpan.FromMinutes(15).TotalSeconds);

    /// <summary>The limits for the time after which stats are overdue.</summary>
    private const double ShortestOverdue = 3,
        LongestOverdue = 3600;

    public static FleetSnapshot Clean(FleetSnapshot snapshot) =>
        snapshot with
        {
            Host = Clean(snapshot.Host),
            StaleSince = Moment(snapshot.StaleSince),
            StaleReason = Words(snapshot.StaleReason),
            IntervalSeconds = double.IsNaN(snapshot.IntervalSeconds)
                ? Pace.Longest
                : Math.Clamp(snapshot.IntervalSeconds, Pace.Shortest, Pace.Longest),
            OverdueAfterSeconds = double.IsNaN(snapshot.OverdueAfterSeconds)
                ? LongestOverdue
                : Math.Clamp(snapshot.OverdueAfterSeconds, ShortestOverdue, LongestOverdue),
            Verdict = snapshot.Verdict with
            {
                Text = Text(snapshot.Verdict.Text),
                Causes = [.. All(snapshot.Verdict.Causes).Select(cause => cause with { App = Text(cause.App), Text = Text(cause.Text) })],
            },
            Totals = Clean(snapshot.Totals),
            Apps = [.. All(snapshot.Apps).DistinctBy(app => app.Name, StringComparer.Ordinal).Select(Clean)],
            Actions = [.. All(snapshot.Actions).DistinctBy(action => action.Name).Take(MostActions).Select(Clean)],
            UsualRefusals = Refusals(snapshot.UsualRefusals),
            Networks = [.. All(snapshot.Networks).DistinctBy(network => network.Id).Select(Clean)],
            ServicePorts = Ports(snapshot.ServicePorts),
            Warnings = [.. All(snapshot.Warnings).Select(Text).Where(text => text.Length > 0)],
        };

    public static AppDetail Clean(AppDetail detail) =>
        detail with
        {
            App = Clean(detail.App),
            History = Clean(detail.History),
            Changes =
            [
                .. All(detail.Changes)
                    .Where(change => Moment(change.At) is not null)
                    .Select(change => change with { Container = Text(change.Container), Text = Text(change.Text) }),
            ],
        };

    public static Job Clean(Job job) =>
        job with
        {
            Containers = [.. All(job.Containers).Select(Text)],
            User = Text(job.User),
            CreatedAt = Moment(job.CreatedAt) ?? Earliest,
            StartedAt = Moment(job.StartedAt),
            FinishedAt = Moment(job.FinishedAt),
            Message = Words(job.Message),
            Progress = Between(job.Progress, 0, 1),
            Results =
            [
                .. All(job.Results)
                    .DistinctBy(result => result.Id)
                    .Select(result => result with { Container = Text(result.Container), Message = Words(result.Message) }),
            ],
            LeftOut = [.. All(job.LeftOut).Select(left => left with { Container = Text(left.Container), Reason = Text(left.Reason) })],
        };

    public static Job[] Clean(Job[] jobs) => [.. jobs.Where(job => job is not null).DistinctBy(job => job.Id).Select(Clean)];

    public static JobOutput Clean(JobOutput output) =>
        output with
        {
            Job = output.Job ?? "",
            Lines = [.. All(output.Lines).TakeLast(HostJobs.LinesKept).Select(Clean)],
        };

    public static JobLine Clean(JobLine line) => line with { Container = Text(line.Container), Text = Text(line.Text) };

    public static AuditPage Clean(AuditPage page) =>
        page with
        {
            Records = [.. All(page.Records).DistinctBy(record => record.Sequence).Select(Clean)],
        };

    // The hashed form stays in the Collector: these records are only shown.
    private static AuditRecord Clean(AuditRecord record) =>
        record with
        {
            At = Moment(record.At) ?? Earliest,
            User = Text(record.User),
            Subject = Words(record.Subject),
            Role = Words(record.Role),
            Source = Words(record.Source),
            Container = Words(record.Container),
            Outcome = Words(record.Outcome),
            Reason = Words(record.Reason),
            ImageBefore = Words(record.ImageBefore),
            ImageAfter = Words(record.ImageAfter),
            DurationMs = record.DurationMs is >= 0 and <= long.MaxValue / TimeSpan.TicksPerMillisecond ? record.DurationMs : null,
        };

    private static ImmutableArray<PortSnapshot> Ports(ImmutableArray<PortSnapshot> ports) =>
        [
            .. All(ports)
                .Where(port => IsPort(port.Port) && IsPort(port.Target))
                .Select(port => port with { Address = Text(port.Address), Container = Text(port.Container) }),
        ];

    private static HostSnapshot Clean(HostSnapshot host) =>
        host with
        {
            Name = Text(host.Name),
            Engine = Text(host.Engine),
            EngineVersion = Text(host.EngineVersion),
            ApiVersion = Text(host.ApiVersion),
            Cpus = host.Cpus is > 0 and <= (int)MostCores ? host.Cpus : 0,
            MemoryBytes = Bytes(host.MemoryBytes) ?? 0,
            EngineId = host.EngineId ?? "",
        };

    private static FleetTotals Clean(FleetTotals totals) =>
        totals with
        {
            Apps = Count(totals.Apps),
            AppsGreen = Count(totals.AppsGreen),
            Containers = Count(totals.Containers),
            ContainersUp = Count(totals.ContainersUp),
            CpuCores = Cores(totals.CpuCores),
            MemoryBytes = Bytes(totals.MemoryBytes),
            DatabaseBytes = Bytes(totals.DatabaseBytes),
            Databases = Count(totals.Databases),
            AppsDown = Count(totals.AppsDown),
            AppsStruggling = Count(totals.AppsStruggling),
        };

    // Requests for an app use its name, so the name is not changed. The title is what is shown.
    private static AppSnapshot Clean(AppSnapshot app) =>
        app with
        {
            Name = app.Name ?? "",
            Title = Text(app.Title) is { Length: > 0 } title ? title : Text(app.Name),
            Owner = Words(app.Owner),
            Icon = Words(app.Icon),
            CpuCores = Cores(app.CpuCores),
            CpuLimitCores = Cores(app.CpuLimitCores),
            MemoryBytes = Bytes(app.MemoryBytes),
            MemoryLimitBytes = Bytes(app.MemoryLimitBytes),
            CpuTrend = app.CpuTrend is { } trend
                ? new Trend(Math.Clamp(trend.StepSeconds, 1, 86_400), Figures(trend.Values, MostCores))
                : null,
            Reasons = Clean(app.Reasons),
            Containers = [.. All(app.Containers).DistinctBy(container => container.Id).Select(Clean)],
            Ports = Ports(app.Ports),
            ExpectedPorts = [.. All(app.ExpectedPorts).Where(port => IsPort(port.Port))],
            ExpectedSubnets = All(app.ExpectedSubnets),
            Networks =
            [
                .. All(app.Networks)
                    .Select(network =>
                        network with
                        {
                            Name = Text(network.Name),
                            Driver = Text(network.Driver),
                            Subnets = All(network.Subnets),
                        }
                    ),
            ],
            Databases = [.. All(app.Databases).Select(Clean)],
            DatabaseBytes = Bytes(app.DatabaseBytes),
            DatabaseGrowthBytes = Growth(app.DatabaseGrowthBytes),
        };

    private static ContainerSnapshot Clean(ContainerSnapshot container) =>
        container with
        {
            Id = container.Id ?? "",
            Name = Text(container.Name),
            Service = Text(container.Service),
            Image = Text(container.Image),
            State = Text(container.State),
            Healthcheck = Text(container.Healthcheck),
            NetworkMode = Text(container.NetworkMode),
            Reasons = Clean(container.Reasons),
            CpuCores = Cores(container.CpuCores),
            CpuLimitCores = Cores(container.CpuLimitCores),
            CpuThrottled = Between(container.CpuThrottled, 0, 1),
            MemoryBytes = Bytes(container.MemoryBytes),
            MemoryLimitBytes = Bytes(container.MemoryLimitBytes),
            NetworkReceiveRate = Rate(container.NetworkReceiveRate),
            NetworkSendRate = Rate(container.NetworkSendRate),
            BlockReadRate = Rate(container.BlockReadRate),
            BlockWriteRate = Rate(container.BlockWriteRate),
            Pids = container.Pids is >= 0 and < MostCount ? container.Pids : null,
            SampledAt = Moment(container.SampledAt),
            NetworkSampledAt = Moment(container.NetworkSampledAt),
            Restarts = Count(container.Restarts),
            CreatedAt = Moment(container.CreatedAt),
            StartedAt = Moment(container.StartedAt),
            FinishedAt = Moment(container.FinishedAt),
            ProtectedReason = Words(container.ProtectedReason),
            Actions = All(container.Actions),
            Order = Count(container.Order),
            Refusals = Refusals(container.Refusals),
        };

    private static ActionDescription Clean(ActionDescription action) =>
        new(
            Text(action.Name),
            Text(action.Title),
            Text(action.Hint),
            Text(action.Confirm),
            Text(action.ConfirmSeveral),
            Words(action.IfItFails),
            action.Interrupts
        );

    private static ImmutableArray<ActionRefusal> Refusals(ImmutableArray<ActionRefusal> refusals) =>
        [.. All(refusals).Take(MostActions).Select(refusal => refusal with { Reason = Text(refusal.Reason) })];

    private static NetworkSnapshot Clean(NetworkSnapshot network) =>
        network with
        {
            Name = Text(network.Name),
            Driver = Text(network.Driver),
            Subnets = All(network.Subnets),
            Members =
            [
                .. All(network.Members)
                    .Select(member => member with { Container = Text(member.Container), Addresses = All(member.Addresses) }),
            ],
        };

    private static DatabaseSnapshot Clean(DatabaseSnapshot database) =>
        database with
        {
            Container = Text(database.Container),
            Kind = Text(database.Kind),
            Name = Text(database.Name),
            Bytes = Bytes(database.Bytes),
            Error =
                Words(database.Error)
                ?? (database.Bytes is not null && Bytes(database.Bytes) is null ? "the size it told cannot be right" : null),
            GrowthBytes = Growth(database.GrowthBytes),
            MeasuredAt = Moment(database.MeasuredAt),
        };

    private static History Clean(History history) =>
        Moment(history.From) is null
            ? new History(Earliest, 1, [], [], [], [], [], [])
            : new History(
                history.From,
                Math.Clamp(history.StepSeconds, 1, 3600),
                Figures(history.CpuCores, MostCores),
                Figures(history.MemoryBytes, MostBytes),
                Figures(history.NetworkReceiveRate, MostBytesPerSecond),
                Figures(history.NetworkSendRate, MostBytesPerSecond),
                Figures(history.BlockReadRate, MostBytesPerSecond),
                Figures(history.BlockWriteRate, MostBytesPerSecond)
            );

    private static ImmutableArray<HealthReason> Clean(ImmutableArray<HealthReason> reasons) =>
        [.. All(reasons).Select(reason => reason with { Container = Text(reason.Container), Text = Text(reason.Text) })];

    private static ImmutableArray<float?> Figures(ImmutableArray<float?> values, double most) =>
        [.. All(values).TakeLast(MostSteps).Select(value => value is >= 0 && value <= most ? value : null)];

    // A missing list is empty and contains no null records. A missing number is a gap and stays.
    private static ImmutableArray<T> All<T>(ImmutableArray<T> items) =>
        items.IsDefault ? []
        : !typeof(T).IsValueType && items.Any(item => item is null) ? [.. items.Where(item => item is not null)]
        : items;

    private static long? Bytes(long? bytes) => bytes is >= 0 and <= MostBytes ? bytes : null;

    private static long? Growth(long? bytes) => bytes is >= -MostBytes and <= MostBytes ? bytes : null;

    private static double? Cores(double? cores) => Between(cores, 0, MostCores);

    private static double? Rate(double? rate) => Between(rate, 0, MostBytesPerSecond);

    private static double? Between(double? value, double least, double most) => value >= least && value <= most ? value : null;

    private static int Count(int count) => Math.Clamp(count, 0, MostCount);

    private static bool IsPort(int port) => port is >= 0 and <= ushort.MaxValue;

    private static DateTimeOffset? Moment(DateTimeOffset? at) => at >= Earliest && at < Latest ? at : null;

    private static string Text(string? text) => Words(text) ?? "";

    private static string? Words(string? text) => SafeText.Clean(text is { Length: > LongestText } ? text[..LongestText] : text);
}
