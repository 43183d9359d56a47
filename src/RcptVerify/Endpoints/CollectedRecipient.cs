using RcptVerify.Verification;

namespace RcptVerify.Endpoints;

/// <summary>A recipient that was let pass at RCPT although nobody could say yet whether it exists.</summary>
/// <param name="query">The question, with memory of its own.</param>
/// <param name="asked">Its answer, on the way or there.</param>
/// <param name="started">When it was put (<see cref="TimeProvider.GetTimestamp"/>).</param>
internal sealed class CollectedRecipient(RecipientQuery query, Task<VerificationResult> asked, long started)
{
    /// <summary>The recipient, internal form.</summary>
    public ReadOnlyMemory<byte> Recipient => query.Recipient;

    /// <summary>When the question was put.</summary>
    public long Started => started;

    /// <summary>
    /// Waits for the answer. Where that came without a verdict, it is asked for once more: the probe, or another node, may have brought
    /// it since.
    /// </summary>
    /// <param name="verifier">Answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="waiting">Since when the caller waits.</param>
    /// <param name="answerWithin">How long he can.</param>
    public async Task<VerificationResult> SettleAsync(IRecipientVerifier verifier, TimeProvider time, long waiting, TimeSpan answerWithin)
    {
        VerificationResult result = await asked;
        if (result.Outcome == VerificationOutcome.Unknown)
            result = await verifier.VerifyAsync(query with { AnswerWithin = answerWithin - time.GetElapsedTime(waiting) });
        return result;
    }
}
