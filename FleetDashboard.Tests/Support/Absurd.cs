using System.Collections;
using System.Reflection;

namespace FleetDashboard.Tests.Support;

/// <summary>Copies of contract objects in which every number and every time is absurd.</summary>
internal static class Absurd
{
    /// <summary>The kinds of absurd values, by name.</summary>
    public static IReadOnlyDictionary<string, AbsurdValues> Kinds { get; } =
        new Dictionary<string, AbsurdValues>
        {
            ["largest"] = new(int.MaxValue, long.MaxValue, double.MaxValue, float.MaxValue, DateTimeOffset.MaxValue),
            ["smallest"] = new(int.MinValue, long.MinValue, double.MinValue, float.MinValue, DateTimeOffset.MinValue),
            ["negative"] = new(-1, -1, -0.5, -0.5f, DateTimeOffset.UnixEpoch),
            ["nothing"] = new(0, 0, 0, 0, DateTimeOffset.MinValue),
            ["no number"] = new(int.MaxValue, long.MaxValue, double.NaN, float.NaN, DateTimeOffset.MaxValue),
            ["endless"] = new(int.MaxValue, long.MaxValue, double.PositiveInfinity, float.PositiveInfinity, DateTimeOffset.MaxValue),
        };

    public static T Corrupt<T>(T whole, AbsurdValues nonsense)
        where T : class => (T)Copy(whole, nonsense)!;

    private static object? Copy(object? value, AbsurdValues nonsense) =>
        value switch
        {
            null or string or bool or Enum => value,
            int => nonsense.Int,
            long => nonsense.Long,
            double => nonsense.Double,
            float => nonsense.Float,
            DateTimeOffset => nonsense.Moment,
            IEnumerable items => Items(value.GetType(), items, nonsense),
            _ => Record(value, nonsense),
        };

    private static object Items(Type type, IEnumerable items, AbsurdValues nonsense)
    {
        var element = type.GetGenericArguments()[0];
        var copies = items.Cast<object?>().Select(item => Copy(item, nonsense)).ToArray();
        var array = Array.CreateInstance(element, copies.Length);
        for (var i = 0; i < copies.Length; i++)
        {
            array.SetValue(copies[i], i);
        }
        var create = typeof(System.Collections.Immutable.ImmutableArray)
            .GetMethods()
            .Single(method =>
                method.Name == "Create" && method.GetParameters() is [{ ParameterType: { IsArray: true } }] && method.IsGenericMethod
            );
        return create.MakeGenericMethod(element).Invoke(null, [array])!;
    }

    private static object Record(object value, AbsurdValues nonsense)
    {
        var type = value.GetType();
        var copy = type.GetMethod("<Clone>$")!.Invoke(value, null)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            property.SetValue(copy, Copy(property.GetValue(value), nonsense));
        }
        return copy;
    }
}

/// <summary>The absurd value for each type.</summary>
internal sealed record AbsurdValues(int Int, long Long, double Double, float Float, DateTimeOffset Moment);
