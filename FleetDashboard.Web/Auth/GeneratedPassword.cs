using System.Buffers.Text;
using System.Security.Cryptography;

namespace FleetDashboard.Web.Auth;

/// <summary>A random password of 120 bits.</summary>
internal static class GeneratedPassword
{
    private const int Bytes = 15;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
}
