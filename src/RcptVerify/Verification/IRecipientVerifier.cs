namespace RcptVerify.Verification;

/// <summary>A door's question. The memory belongs to the caller and stays as it is until the answer has come.</summary>
/// <param name="Recipient">The recipient in internal form (unquoted local part).</param>
/// <param name="Client">The SMTP client's address as text, for budgets and logs; may be empty.</param>
/// <param name="AnswerWithin">How long the caller can wait, up to a day; below zero counts as zero. The probe goes on past it.</param>
/// <param name="Sender">The message's sender in internal form; empty for the null sender and where the door does not know it.</param>
/// <param name="NextHop">
/// Where the mail server would send this recipient's mail, as Postfix writes it: may choose the server to ask where no route speaks for
/// the domain. Empty where the door does not know it or must not use it.
/// </param>
public readonly record struct RecipientQuery(
    ReadOnlyMemory<byte> Recipient, ReadOnlyMemory<byte> Client, TimeSpan AnswerWithin, ReadOnlyMemory<byte> Sender = default,
    ReadOnlyMemory<byte> NextHop = default);

/// <summary>The verifier's answer in one word.</summary>
public enum VerificationOutcome : byte
{
    /// <summary>Nobody can say now.</summary>
    Unknown,

    /// <summary>The recipient exists, or is always accepted.</summary>
    Deliverable,

    /// <summary>There is no such user.</summary>
    Undeliverable,

    /// <summary>No route speaks for the domain: not our business.</summary>
    NoRoute,
}

/// <summary>The verifier's answer.</summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Route">The recipient's route; null with <see cref="VerificationOutcome.NoRoute"/> and for addresses that have none.</param>
/// <param name="Reply">What a server said, where one said something.</param>
/// <param name="Reason">Why there is no verdict, for the log; null otherwise.</param>
public readonly record struct VerificationResult(
    VerificationOutcome Outcome, VerdictSource Source, Route? Route, ProbeReply? Reply, string? Reason);

/// <summary>Answers whether a recipient exists. All that a door sees of the rest of the program.</summary>
public interface IRecipientVerifier
{
    /// <summary>Whether <see cref="Announce"/> is worth a door's time: the cache is larger than what processors keep at hand.</summary>
    bool IsWorthAnnouncing => false;

    /// <summary>
    /// Says which recipient is about to be asked about, so that memory can be fetched while the door still reads the rest of the
    /// request. A hint that changes no answer.
    /// </summary>
    /// <param name="recipient">As it stands in the request.</param>
    /// <returns>For <see cref="Approach"/>.</returns>
    uint Announce(ReadOnlySpan<byte> recipient) => 0;

    /// <summary>Goes on from <see cref="Announce"/> when the request has been read.</summary>
    /// <param name="announced">What that returned.</param>
    void Approach(uint announced)
    {
    }

    /// <summary>
    /// Verifies one recipient. Completes synchronously and without allocation where the cache has the answer, and
    /// always within <see cref="RecipientQuery.AnswerWithin"/>. Never throws for what a peer or a backend did.
    /// </summary>
    /// <param name="query">The question.</param>
    ValueTask<VerificationResult> VerifyAsync(in RecipientQuery query);
}
