using System.Security.Claims;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// A user's own sessions. Ending other sessions must be confirmed and is recorded like every change of an account. Otherwise an attacker
/// with a copied cookie could sign the owner out.
/// </summary>
internal sealed class OwnSessions(SessionStore sessions, StepUp stepUp, AccountTrail trail, SignInMethod method)
{
    /// <summary>Ends one other session, or all others. Returns the problem, or null.</summary>
    /// <param name="actor">The user whose sessions they are.</param>
    /// <param name="id">The session to end. Null ends all except the caller's own.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<string?> EndAsync(AccountActor actor, string? id, CancellationToken cancellationToken)
    {
        if (await stepUp.ConfirmAsync(actor, cancellationToken) is { } objection)
        {
            return objection;
        }
        var (user, issuer, current) = (
            actor.User.FindFirstValue(ClaimTypes.NameIdentifier)!,
            method.Issuer,
            SessionClaim.KeyOf(actor.User)
        );
        if (
            await trail.RecordAsync(
                SignedInCaller.From(actor.User, actor.Address?.ToString()),
                AccountChanges.SessionsEnded,
                actor.User.Identity?.Name ?? "",
                cancellationToken
            ) is
            { } trouble
        )
        {
            return trouble;
        }
        await sessions.EndAsync(
            session => session.UserId == user && session.Issuer == issuer && session.Id != current && (id == null || session.Id == id),
            CancellationToken.None
        );
        return null;
    }
}
