using System.Buffers;
using RcptVerify.Verification;

namespace RcptVerify.Endpoints;

/// <summary>
/// The recipients of one message, collected at RCPT for an answer at DATA. Those that are known at once are counted; the others are
/// kept, at most <see cref="MaxOpen"/> of them: any more count as unknown for good, so that a peer without end costs no memory.
/// Safe to use from two connections at a time.
/// </summary>
internal sealed class CollectedMessage
{
    /// <summary>Most recipients waited for: 1000, as Postfix's smtpd_recipient_limit.</summary>
    public const int MaxOpen = 1000;

    private readonly Lock _lock = new();
    private readonly List<CollectedRecipient> _open = [];
    private RecipientTally _known;
    private int _lost;

    /// <summary>Recipients let pass.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count + _open.Count + _lost;
        }
    }

    /// <summary>Recipients kept.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>
    /// Asks about a recipient and lets it pass, unless a refusal is known already. What is known at once allocates nothing.
    /// </summary>
    /// <param name="verifier">Answers.</param>
    /// <param name="query">The question; its memory is copied where the answer takes time.</param>
    /// <param name="unrouted">What holds for an address that has no route to say so.</param>
    /// <param name="time">The clock.</param>
    /// <returns>What is known now; null where the recipient is kept for later.</returns>
    public VerificationResult? Take(IRecipientVerifier verifier, in RecipientQuery query, ReplySettings unrouted, TimeProvider time)
    {
        int length = query.Recipient.Length + query.Client.Length + query.Sender.Length + query.NextHop.Length;
        byte[] memory = ArrayPool<byte>.Shared.Rent(length);
        int used = 0;
        RecipientQuery own = query with { Recipient = Copy(query.Recipient), Client = Copy(query.Client), Sender = Copy(query.Sender), NextHop = Copy(query.NextHop) };
        ValueTask<VerificationResult> pending = verifier.VerifyAsync(own);
        Task<VerificationResult> asked;
        if (pending.IsCompletedSuccessfully)
        {
            VerificationResult known = pending.Result;
            if (known.Outcome != VerificationOutcome.Unknown || known.Source == VerdictSource.Address)
            {
                ArrayPool<byte>.Shared.Return(memory);
                Add(known, unrouted);
                return known;
            }

            asked = Task.FromResult(known);
        }
        else
            asked = pending.AsTask();

        // The pool does not get this memory back: a question under way may read it until it ends.
        CollectedRecipient recipient = new(own, asked, time.GetTimestamp());
        lock (_lock)
        {
            if (_open.Count < MaxOpen)
                _open.Add(recipient);
            else
                _lost++;
        }

        return null;

        ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> value)
        {
            value.CopyTo(memory.AsMemory(used));
            used += value.Length;
            return memory.AsMemory(used - value.Length, value.Length);
        }
    }

    /// <summary>
    /// Counts a recipient about which there is no more to ask. One that is refused is not the message's, nor is one that is deferred
    /// since nobody will ever be able to ask about it: it must not hold up the others each time they come.
    /// </summary>
    /// <param name="known">What is known of it.</param>
    /// <param name="unrouted">What holds for an address that has no route to say so.</param>
    public void Add(in VerificationResult known, ReplySettings unrouted)
    {
        RecipientTally alone = default;
        alone.Add(known, unrouted);
        if (alone.Good == 0)
            return;
        lock (_lock)
            _known.Add(known, unrouted);
    }

    /// <summary>Waits for the verdicts on all recipients.</summary>
    /// <param name="verifier">Answers.</param>
    /// <param name="answerWithin">How long the caller can wait.</param>
    /// <param name="unrouted">What holds for an address that has no route to say so.</param>
    /// <param name="time">The clock.</param>
    /// <param name="settled">Told each verdict that was not known at RCPT.</param>
    public async ValueTask<RecipientTally> SettleAsync(
        IRecipientVerifier verifier, TimeSpan answerWithin, ReplySettings unrouted, TimeProvider time, Action<CollectedRecipient, VerificationResult> settled)
    {
        CollectedRecipient[] open;
        RecipientTally tally;
        int lost;
        lock (_lock)
        {
            open = [.. _open];
            tally = _known;
            lost = _lost;
        }

        long waiting = time.GetTimestamp();
        VerificationResult[] results = await Task.WhenAll(open.Select(one => one.SettleAsync(verifier, time, waiting, answerWithin)));
        for (int i = 0; i < open.Length; i++)
        {
            tally.Add(results[i], unrouted);
            settled(open[i], results[i]);
        }

        tally.AddUnseen(lost, unrouted);
        return tally;
    }

    /// <summary>Forgets everything, for the next message.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _open.Clear();
            _known = default;
            _lost = 0;
        }
    }
}
