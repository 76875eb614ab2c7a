using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Contracts;

/// <summary>How the contract is written as JSON: camel case, no reflection.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FleetSnapshot))]
[JsonSerializable(typeof(AppDetail))]
[JsonSerializable(typeof(ContainerDetail))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(System.Collections.Immutable.ImmutableArray<Job>))]
[JsonSerializable(typeof(Job[]))]
[JsonSerializable(typeof(JobLine))]
[JsonSerializable(typeof(JobOutput))]
[JsonSerializable(typeof(AuditRecord))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AccountChange))]
[JsonSerializable(typeof(ImmutableArray<LogLine>))]
[JsonSerializable(typeof(LogMark))]
[JsonSerializable(typeof(LogEnd))]
public sealed partial class ContractsJson : JsonSerializerContext;
