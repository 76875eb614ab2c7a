using System.Security.Claims;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// A user's own sessions. Ending others is confirmed and recorded as every other change of an account is: a copied cookie must not put its
/// owner out.
/// </summary>
internal sealed class OwnSessions(SessionStore sessions, StepUp stepUp, AccountTrail trail, SignInWay way)
{
    /// <summary>Ends one other session, or all others; why not, or null.</summary>
    /// <param name="actor">Whose sessions.</param>
    /// <param name="id">Which one; null for all but the one that asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string?> EndAsync(AccountActor actor, string? id, CancellationToken cancellationToken)
    {
        if (await stepUp.ConfirmAsync(actor, cancellationToken) is { } objection)
        {
            return objection;
        }
        var (user, issuer, current) = (actor.User.FindFirstValue(ClaimTypes.NameIdentifier)!, way.Issuer, SessionClaim.KeyOf(actor.User));
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
