namespace RcptVerify.Verification;

/// <summary>What a probe changed in the trust in a backend.</summary>
public enum TrustChange : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its refusals no longer count.</summary>
    Lost,

    /// <summary>A known good was confirmed: its refusals count again.</summary>
    Confirmed,

    /// <summary>Nothing has spoken against it for <see cref="RefusalGuard.DistrustTime"/>: its refusals count again.</summary>
    Expired,
}

/// <summary>
/// Notices a backend that is ill: its directory is away, and it refuses recipients whom it has accepted before. One
/// mailbox deleted is every day's business; <see cref="LeastRefusals"/> known goods refused within <see cref="Window"/>,
/// and more than confirmed, is not. While it is distrusted its refusals mean nothing. Trust is back when a known good is
/// confirmed, or after <see cref="DistrustTime"/> without new evidence. A canary, a known good chosen for this, is evidence by
/// itself.
/// <para>
/// A state machine of fixed size without a clock. Only definite answers about known goods are evidence: guesses of a
/// dictionary attack are none. Not synchronized but for <see cref="Taints"/>: <see cref="RouteTrust"/> is.
/// </para>
/// <para>Known weakness: a site that deletes many mailboxes at once looks the same until another mailbox is confirmed.</para>
/// </summary>
public sealed class RefusalGuard
{
    /// <summary>Fewer refusals of known goods than this may be an accident: 5.</summary>
    public const int LeastRefusals = 5;

    private const int Slots = 10;
    private const long SlotLength = 60_000;

    private readonly int[] _refused = new int[Slots];
    private readonly int[] _confirmed = new int[Slots];
    private long _slot = long.MinValue;
    private long _distrustedSince = long.MinValue;
    private long _distrustedUntil = long.MinValue;
    private volatile bool _distrusted;

    /// <summary>Time over which evidence is counted: 10 minutes, in steps of one.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMilliseconds(Slots * SlotLength);

    /// <summary>How long distrust lasts after the last evidence: 10 minutes.</summary>
    public static TimeSpan DistrustTime { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether refusals mean nothing now, as of the last probe told of.</summary>
    public bool IsDistrusted => _distrusted;

    /// <summary>Known goods refused inside the window.</summary>
    public int Refused => _refused.Sum();

    /// <summary>Known goods confirmed inside the window.</summary>
    public int Confirmed => _confirmed.Sum();

    /// <summary>Takes note of a probe that ended with a definite answer.</summary>
    /// <param name="knownGood">Whether the recipient was a known good, not yet in doubt: its second refusal is no evidence of its own.</param>
    /// <param name="refused">Whether the answer is that there is no such user.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public TrustChange Observe(bool knownGood, bool refused, long now)
    {
        Advance(now);
        if (knownGood)
            (refused ? _refused : _confirmed)[SlotIndex]++;
        if (_distrusted && knownGood && !refused)
            return Trust(TrustChange.Confirmed);
        if (knownGood && refused && Refused >= LeastRefusals && Refused > Confirmed)
        {
            return Distrust(now);
        }

        return _distrusted && now >= _distrustedUntil ? Trust(TrustChange.Expired) : TrustChange.None;
    }

    /// <summary>Takes note of the canary's probe that ended with a definite answer.</summary>
    /// <param name="refused">Whether the answer is that there is no such user.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public TrustChange ObserveCanary(bool refused, long now)
    {
        Advance(now);
        if (refused)
            return Distrust(now);
        return _distrusted ? Trust(TrustChange.Confirmed) : TrustChange.None;
    }

    /// <summary>
    /// Whether a refusal may not be repeated: it was noted not longer before the distrust began than evidence is counted. May be
    /// called from any thread.
    /// </summary>
    /// <param name="updated">When the server gave it, in Unix milliseconds.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public bool Taints(long updated, long now) =>
        _distrusted
        && now < Volatile.Read(ref _distrustedUntil)
        && updated >= Volatile.Read(ref _distrustedSince) - (Slots * SlotLength);

    private int SlotIndex => (int)(_slot % Slots);

    private TrustChange Distrust(long now)
    {
        Volatile.Write(ref _distrustedUntil, now + (long)DistrustTime.TotalMilliseconds);
        if (_distrusted)
            return TrustChange.None;
        Volatile.Write(ref _distrustedSince, now);
        _distrusted = true;
        return TrustChange.Lost;
    }

    /// <summary>The refusals that led here are dealt with: the next distrust needs new ones.</summary>
    private TrustChange Trust(TrustChange why)
    {
        _distrusted = false;
        Array.Clear(_refused);
        Array.Clear(_confirmed);
        return why;
    }

    /// <summary>Empties the minutes that have begun since. A clock set back begins anew, and distrust ends in its time.</summary>
    private void Advance(long now)
    {
        long slot = Math.Max(now, 0) / SlotLength;
        if (slot < _slot || slot - Slots >= _slot)
        {
            Array.Clear(_refused);
            Array.Clear(_confirmed);
            Volatile.Write(ref _distrustedUntil, Math.Min(_distrustedUntil, now + (long)DistrustTime.TotalMilliseconds));
            Volatile.Write(ref _distrustedSince, Math.Min(_distrustedSince, now));
        }
        else
        {
            for (long begun = _slot + 1; begun <= slot; begun++)
                _refused[begun % Slots] = _confirmed[begun % Slots] = 0;
        }

        _slot = slot;
    }
}
