using System.Runtime.CompilerServices;
using Xunit;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A fact about a real engine. Without one it is skipped; with <c>CI=true</c> it runs, and fails, because a green run must mean that it
/// ran.
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
