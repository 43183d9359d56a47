using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using BenchmarkDotNet.Attributes;
using RcptVerify.Caching;
using RcptVerify.Verification;

namespace RcptVerify.Benchmarks;

/// <summary>
/// A cache hit and the judgement on it, in random order over stores of different sizes; beside it the same over a
/// <see cref="ConcurrentDictionary{TKey, TValue}"/>. The next address depends on the last answer, so that waits for memory do not overlap
/// as they would not between two requests, and addresses are written anew each time, so that they bring no misses of their own.
/// </summary>
[MemoryDiagnoser]
public class MemoryStoreBenchmark
{
    private static readonly VerdictTimes Times = new();
    private readonly byte[] _key = new byte[32];
    private MemoryVerdictStore _store = null!;
    private ConcurrentDictionary<byte[], Verdict>.AlternateLookup<ReadOnlySpan<byte>> _dictionary;
    private ulong _state = 1;
    private long _now;

    [Params(1_000, 1_000_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        "user"u8.CopyTo(_key);
        _store = new MemoryVerdictStore(Entries, TimeProvider.System);
        ConcurrentDictionary<byte[], Verdict> dictionary = new(Utf8KeyComparer.Instance);
        ProbeReply reply = new(250, "2.1.5", "Recipient OK", "127.0.0.1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
        _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < Entries; i++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"user{i}@example.com");
            _store.Put(new Verdict(key, VerdictStatus.Deliverable, _now, long.MaxValue, reply));
            dictionary[key] = new Verdict(key, VerdictStatus.Deliverable, _now, long.MaxValue, reply);
        }

        _dictionary = dictionary.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    [Benchmark(Baseline = true)]
    public bool Dictionary() => Judge(_dictionary.TryGetValue(NextKey(), out Verdict? verdict) ? verdict : null);

    [Benchmark]
    public bool Store() => Judge(_store.TryGet(NextKey(), out Verdict? verdict) ? verdict : null);

    /// <summary>With nothing to do between announcing and asking: what the hint itself costs.</summary>
    [Benchmark]
    public bool Announced()
    {
        ReadOnlySpan<byte> key = NextKey();
        _store.Approach(_store.Announce(key));
        return Judge(_store.TryGet(key, out Verdict? verdict) ? verdict : null);
    }

    private ReadOnlySpan<byte> NextKey()
    {
        _state = (_state * 6364136223846793005) + 1442695040888963407;
        Utf8Formatter.TryFormat((int)((_state >> 33) % (uint)Entries), _key.AsSpan(4), out int digits);
        "@example.com"u8.CopyTo(_key.AsSpan(4 + digits));
        return _key.AsSpan(0, 16 + digits);
    }

    private bool Judge(Verdict? verdict)
    {
        bool served = verdict is not null && Freshness.Evaluate(verdict, Times, _now).Action == FreshnessAction.Serve;
        _state += served ? 2u : 0;
        return served;
    }
}
