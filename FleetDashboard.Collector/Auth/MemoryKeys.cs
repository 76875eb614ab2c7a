using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace FleetDashboard.Collector.Auth;

/// <summary>
/// The framework's authentication brings a key ring for cookies along and writes it into the home folder. There are no cookies here and
/// the file system may be read-only: the ring lives in memory.
/// </summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly ConcurrentQueue<XElement> _keys = new();

    public IReadOnlyCollection<XElement> GetAllElements() => _keys;

    public void StoreElement(XElement element, string friendlyName) => _keys.Enqueue(element);
}

internal static class MemoryKeysServices
{
    public static void AddKeysInMemory(this IServiceCollection services) =>
        services.Configure<KeyManagementOptions>(static keys => keys.XmlRepository = new MemoryKeys());
}
