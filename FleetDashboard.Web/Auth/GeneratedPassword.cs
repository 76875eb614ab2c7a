using System.Buffers.Text;
using System.Security.Cryptography;

namespace FleetDashboard.Web.Auth;

/// <summary>A password that nobody has thought of: 120 random bits.</summary>
internal static class GeneratedPassword
{
    private const int Bytes = 15;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
}
