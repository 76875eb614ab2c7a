using System.Runtime.CompilerServices;
using Xunit;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A test with a real engine. Skipped without an engine, except with <c>CI=true</c>, where it fails: a green run must mean that it ran.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = EngineFixture.WhySkipped;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = EngineFixture.WhySkipped;
}
