using RcptVerify.Verification;

namespace RcptVerify.Endpoints;

/// <summary>
/// The messages whose recipients the policy door collects, by Postfix's <c>instance</c>: shared by all connections, since smtpd may
/// come back on another one.
/// <para>
/// Limits: <see cref="MaxMessages"/> messages, <see cref="MaxOpen"/> recipients kept in all of them, <see cref="MaxAge"/> since the
/// last recipient; past each the message that has been quiet longest goes. A live smtpd has one message at a time, so that what goes
/// is nearly always over; where it is not, its DATA is deferred. Nothing ever tells that a message was given up: only these limits end one.
/// </para>
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class CollectedMessages(TimeProvider time)
{
    /// <summary>Most messages: 10000, a hundred times Postfix's default_process_limit.</summary>
    public const int MaxMessages = 10_000;

    /// <summary>Most recipients kept in all messages together.</summary>
    public const int MaxOpen = 100_000;

    /// <summary>The longest instance kept; Postfix's have some 30 bytes.</summary>
    public const int MaxInstanceBytes = 128;

    /// <summary>How long a message may be quiet: one hour. Between two commands a client of Postfix has 300 s (smtpd_timeout).</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _byAge = [];
    private readonly Dictionary<byte[], LinkedListNode<Entry>>.AlternateLookup<ReadOnlySpan<byte>> _byInstance =
        new Dictionary<byte[], LinkedListNode<Entry>>(Utf8KeyComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    private int _open;

    /// <summary>Whether any of them comes to DATA.</summary>
    public DataStage DataStage { get; } = new(time);

    /// <summary>Messages kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _byAge.Count;
        }
    }

    /// <summary>Takes a recipient into its message.</summary>
    /// <param name="instance">The message's; an empty or oversized one names no message, and its recipients are asked about and forgotten.</param>
    /// <param name="verifier">Answers.</param>
    /// <param name="query">The question.</param>
    /// <param name="unrouted">What holds for an address that has no route to say so.</param>
    /// <param name="last">The message that the same connection brought last, which is over when this is another one.</param>
    /// <returns>What is known now; null where the recipient is kept for later.</returns>
    public VerificationResult? Take(
        ReadOnlySpan<byte> instance, IRecipientVerifier verifier, in RecipientQuery query, ReplySettings unrouted, ref MessageMark? last)
    {
        Entry? entry = instance.Length is 0 or > MaxInstanceBytes ? null : Touch(instance, query.Client.Span);
        CollectedMessage message = entry?.Message ?? new();
        if (!ReferenceEquals(last, entry?.Mark))
        {
            DataStage.End(last);
            last = entry?.Mark;
        }

        VerificationResult? known = message.Take(verifier, query, unrouted, time);
        if (last is { Passed: false })
            last.Passed = message.Count > 0;
        if (known is null && entry is not null)
            Account(entry);
        return known;
    }

    /// <summary>The message of that instance, which has come to DATA; null where none was collected, or it is gone.</summary>
    /// <param name="instance">The message's.</param>
    public CollectedMessage? Find(ReadOnlySpan<byte> instance)
    {
        DataStage.See();
        lock (_lock)
        {
            Trim();
            return _byInstance.TryGetValue(instance, out LinkedListNode<Entry>? node) ? node.Value.Message : null;
        }
    }

    private Entry Touch(ReadOnlySpan<byte> instance, ReadOnlySpan<byte> client)
    {
        lock (_lock)
        {
            if (_byInstance.TryGetValue(instance, out LinkedListNode<Entry>? node))
                _byAge.Remove(node);
            else
            {
                byte[] key = instance.ToArray();
                node = new(new Entry(key, DataStage.Mark(client)));
                _byInstance.Dictionary[key] = node;
            }

            node.Value.Touched = time.GetTimestamp();
            _byAge.AddLast(node);
            Trim();
            return node.Value;
        }
    }

    /// <summary>Brings the number of recipients kept up to date. The message may have gone meanwhile.</summary>
    private void Account(Entry entry)
    {
        lock (_lock)
        {
            if (entry.IsGone)
                return;
            int open = entry.Message.Open;
            _open += open - entry.Open;
            entry.Open = open;
            Trim();
        }
    }

    private void Trim()
    {
        while (_byAge.First is { } oldest && (_byAge.Count > MaxMessages || _open > MaxOpen || time.GetElapsedTime(oldest.Value.Touched) > MaxAge))
        {
            _byAge.RemoveFirst();
            _byInstance.Dictionary.Remove(oldest.Value.Instance);
            _open -= oldest.Value.Open;
            oldest.Value.IsGone = true;
            DataStage.End(oldest.Value.Mark);
        }
    }

    private sealed class Entry(byte[] instance, MessageMark? mark)
    {
        public MessageMark? Mark => mark;

        public byte[] Instance => instance;

        public CollectedMessage Message { get; } = new();

        public long Touched { get; set; }

        public int Open { get; set; }

        public bool IsGone { get; set; }
    }
}
