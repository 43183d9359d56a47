using System.Collections.Concurrent;
using System.Text;
using RcptVerify.Verification;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Knows addresses by their local part, and holds back its answer for those that begin with "slow".</summary>
internal sealed class FakeVerifier : IRecipientVerifier
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<VerificationResult>> _slow = new();

    public Route Route { get; init; } = NewRoute(ReplySettings.Default);

    /// <summary>Recipients asked about, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The next hops told, in order.</summary>
    public ConcurrentQueue<string> NextHops { get; } = new();

    /// <inheritdoc/>
    public bool IsWorthAnnouncing { get; init; }

    /// <summary>Recipients announced, in order; the n-th is announced as n, counted from 1.</summary>
    public List<string> Announced { get; } = [];

    /// <summary>What was approached, in order.</summary>
    public List<uint> Approached { get; } = [];

    /// <summary>The client and budget of the last question.</summary>
    public (string Client, TimeSpan AnswerWithin) Last { get; private set; }

    public static Route NewRoute(ReplySettings reply) => new(["example.com"], [new("ex1", 25)], [])
    {
        Reply = reply,
        Probe = new ProbeSettings { Helo = "mx1.example.net", Sender = "" },
    };

    public uint Announce(ReadOnlySpan<byte> recipient)
    {
        Announced.Add(Encoding.UTF8.GetString(recipient));
        return (uint)Announced.Count;
    }

    public void Approach(uint announced) => Approached.Add(announced);

    public ValueTask<VerificationResult> VerifyAsync(in RecipientQuery query)
    {
        string recipient = Encoding.UTF8.GetString(query.Recipient.Span);
        Asked.Enqueue(recipient);
        NextHops.Enqueue(Encoding.UTF8.GetString(query.NextHop.Span));
        Last = (Encoding.UTF8.GetString(query.Client.Span), query.AnswerWithin);
        return recipient.StartsWith("slow", StringComparison.Ordinal)
            ? new(_slow.GetOrAdd(recipient, _ => new()).Task)
            : new(Answer(recipient));
    }

    /// <summary>Gives the answer that was held back; the waiting handler has gone on when this returns.</summary>
    public void Release(string recipient, VerdictSource source = VerdictSource.Probe) =>
        _slow.GetOrAdd(recipient, _ => new()).SetResult(Answer(recipient) with { Source = source });

    /// <summary>A defect instead of an answer.</summary>
    public void Fail(string recipient) => _slow.GetOrAdd(recipient, _ => new()).SetException(new InvalidOperationException("a defect"));

    private VerificationResult Answer(string recipient)
    {
        if (recipient.Contains("nobody", StringComparison.Ordinal))
            return new(VerificationOutcome.Undeliverable, VerdictSource.Cache, Route, Said(550, "5.1.1", "User unknown"), null);
        if (recipient.Contains("trouble", StringComparison.Ordinal))
            return new(VerificationOutcome.Unknown, VerdictSource.Cache, Route, null, "no answer yet, the probe goes on");
        if (recipient.Contains("elsewhere", StringComparison.Ordinal))
            return new(VerificationOutcome.NoRoute, VerdictSource.Address, null, null, null);
        ProbeReply accepted = Said(250, "2.1.5", "Recipient OK") with { AcceptAll = recipient.Contains("marked", StringComparison.Ordinal) };
        return new(VerificationOutcome.Deliverable, VerdictSource.Cache, Route, accepted, null);
    }

    private static ProbeReply Said(int code, string enhanced, string text) =>
        new(code, enhanced, text, "ex1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
}
