using System.Text.Json;
using Microsoft.Playwright;

namespace FleetDashboard.Tests.Support;

/// <summary>A virtual passkey device in Chromium: it answers every request at once, as its owner would.</summary>
internal sealed class Authenticator
{
    private readonly ICDPSession _session;
    private readonly string _id;

    private Authenticator(ICDPSession session, string id) => (_session, _id) = (session, id);

    public static async Task<Authenticator> PlugInAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var answer = await session.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new()
            {
                ["options"] = new
                {
                    protocol = "ctap2",
                    transport = "internal",
                    hasResidentKey = true,
                    hasUserVerification = true,
                    isUserVerified = true,
                    automaticPresenceSimulation = true,
                },
            }
        );
        return new(session, answer!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether the device verifies its user: by fingerprint, face or code.</summary>
    public Task KnowsItsOwnerAsync(bool known) =>
        _session.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = _id, ["isUserVerified"] = known });

    /// <summary>The stored passkeys.</summary>
    public async Task<IReadOnlyList<JsonElement>> CredentialsAsync()
    {
        var answer = await _session.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = _id });
        return [.. answer!.Value.GetProperty("credentials").EnumerateArray()];
    }
}
