using System.Collections.Concurrent;
using System.Threading.Channels;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification.Scripted;

/// <summary>A store without limits that tells the test of each verdict put into it.</summary>
internal sealed class ScriptedStore : IVerdictStore
{
    private readonly ConcurrentDictionary<byte[], Verdict> _verdicts = new(Utf8KeyComparer.Instance);
    private readonly Channel<Verdict> _puts = Channel.CreateUnbounded<Verdict>();

    public bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict) =>
        _verdicts.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(address, out verdict);

    public void Put(Verdict verdict)
    {
        Remember(verdict);
        _puts.Writer.TryWrite(verdict);
    }

    /// <summary>What was known before the test began.</summary>
    public void Remember(Verdict verdict) => _verdicts[verdict.Address] = verdict;

    public void Forget(Verdict verdict) => _verdicts.TryRemove(verdict.Address, out _);

    /// <summary>The next verdict the verifier stores; waits for it.</summary>
    public Task<Verdict> NextPutAsync() => _puts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
}
