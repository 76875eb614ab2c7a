using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace FleetDashboard.Tests;

/// <summary>A class with more than eight parameters in its constructor does too much: it must be split.</summary>
public sealed class ConstructorTests
{
    private const int MostParameters = 8;

    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData(typeof(FleetDashboard.Collector.Engine.EngineClient))]
    [InlineData(typeof(FleetDashboard.Web.Clients.HostFeed))]
    public void Constructor_OfEveryClass_HasAtMostEightParameters(Type inAssembly)
    {
        var classes = inAssembly
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true } && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .ToList();

        Assert.True(classes.Count > 100);
        Assert.Empty(
            from type in classes
            from constructor in type.GetConstructors(Declared)
            where constructor.GetParameters().Length > MostParameters && !CarriesDataOnly(type, constructor)
            select $"{type.FullName}: {constructor.GetParameters().Length}"
        );
    }

    // A record whose constructor only fills its own properties: each parameter is a public property of the same name and type.
    private static bool CarriesDataOnly(Type type, ConstructorInfo constructor) =>
        type.GetMethod("<Clone>$", Declared) is not null
        && Array.TrueForAll(
            constructor.GetParameters(),
            parameter => type.GetProperty(parameter.Name!) is { } property && property.PropertyType == parameter.ParameterType
        );
}
