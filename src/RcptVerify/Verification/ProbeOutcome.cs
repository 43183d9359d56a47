namespace RcptVerify.Verification;

/// <summary>Whom a probe's answer speaks of.</summary>
public enum OutcomeScope : byte
{
    /// <summary>The recipient: a reply to RCPT or later.</summary>
    Address,

    /// <summary>The server or our way to it: connect, greeting, EHLO, MAIL, a 421, a session out of step. Never held against an address.</summary>
    Backend,
}

/// <summary>
/// What a mail server said, and where in the dialogue. Few different ones exist per server, so probers share instances
/// (<see cref="ProbeReplyPool"/>) and a million cached verdicts do not carry a million copies of "2.1.5 Recipient OK".
/// </summary>
/// <param name="Code">SMTP reply code, 200 to 599; 0 when there was no reply.</param>
/// <param name="Enhanced">Enhanced status code as "5.1.1" (RFC 3463), or empty.</param>
/// <param name="Text">The reply's text, printable.</param>
/// <param name="Server">The server asked, as "host:port".</param>
/// <param name="Target">The target the probe was made for.</param>
/// <param name="Stage">The command that this reply answered.</param>
/// <param name="RouteName">Name of the route that led there.</param>
public sealed record ProbeReply(int Code, string Enhanced, string Text, string Server, ProbeTarget Target, ProbeStage Stage, string RouteName)
{
    /// <summary>The route that was last found to still stand behind this reply: spares the comparison on every lookup.</summary>
    private Route? _acceptedBy;

    /// <summary>
    /// The mark accept_all: accepted by a server that accepts random addresses too, or whose stage could not be measured.
    /// Lives for <see cref="Freshness.AcceptAllExpire"/> at most and is never a known good.
    /// </summary>
    public bool AcceptAll { get; init; }

    /// <summary>The name of its mark in logs and answers; null for none.</summary>
    public string? Mark => AcceptAll ? "accept_all" : null;

    /// <summary>
    /// Whether it, or what stands in its place, is a named server's trouble and not the recipient's: at connect, greeting, EHLO or MAIL,
    /// a 421, or all servers known to be down.
    /// </summary>
    public bool IsBackendTrouble => Server.Length > 0 && (Stage < ProbeStage.Rcpt || Code == 421);

    /// <summary>
    /// Whether <paramref name="route"/> would still ask the same server at the same target. A verdict from another
    /// place says nothing about this one.
    /// </summary>
    /// <param name="route">The route that the address has now.</param>
    public bool StillCountsFor(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (ReferenceEquals(_acceptedBy, route))
            return true;
        if (RouteName != route.Name || !route.MayHaveAsked(Server, Target))
            return false;
        _acceptedBy = route;
        return true;
    }

    /// <summary>Value equality on what was said; the remembered route is no part of it.</summary>
    /// <param name="other">The reply to compare with.</param>
    public bool Equals(ProbeReply? other) =>
        other is not null && Code == other.Code && Target == other.Target && Stage == other.Stage
        && Enhanced == other.Enhanced && Text == other.Text && Server == other.Server && RouteName == other.RouteName && AcceptAll == other.AcceptAll;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Enhanced, Text, Server, Target, Stage, RouteName, AcceptAll);
}

/// <summary>The result of one probe.</summary>
/// <param name="Status">Deliverable, undeliverable, or unknown where the answer was not a definite one about the user.</param>
/// <param name="Scope">Whether the answer is about the address or about the backend.</param>
/// <param name="Reply">What was said, by whom, where.</param>
public sealed record ProbeOutcome(VerdictStatus Status, OutcomeScope Scope, ProbeReply Reply)
{
    /// <summary>
    /// The mark on its reply is there because the stage could not be measured, not because a random address was accepted: the next
    /// measurement may tell, so the verdict lives for <see cref="Freshness.UnmeasuredExpire"/> at most.
    /// </summary>
    public bool IsUnmeasured { get; init; }

    /// <summary>How long it waited for a session with that server, on nobody's budget. Default zero; some milliseconds are not told.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>An outcome without any reply of a server.</summary>
    /// <param name="route">The route asked.</param>
    /// <param name="server">The server, or empty.</param>
    /// <param name="stage">Where the trouble was.</param>
    /// <param name="text">What happened, for the log.</param>
    public static ProbeOutcome BackendTrouble(Route route, string server, ProbeStage stage, string text)
    {
        ArgumentNullException.ThrowIfNull(route);
        return new(VerdictStatus.Unknown, OutcomeScope.Backend, new ProbeReply(0, "", text, server, route.Target, stage, route.Name));
    }
}
