using System.Text;
using BenchmarkDotNet.Attributes;
using RcptVerify.Caching;
using RcptVerify.Verification;

namespace RcptVerify.Benchmarks;

/// <summary>A cache hit, over stores of different sizes.</summary>
[MemoryDiagnoser]
public class MemoryStoreBenchmark
{
    private MemoryVerdictStore _store = null!;
    private byte[][] _keys = [];
    private int _next;

    [Params(1_000, 1_000_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _store = new MemoryVerdictStore(Entries, TimeProvider.System);
        _keys = [.. Enumerable.Range(0, Entries).Select(i => Encoding.UTF8.GetBytes($"user{i}@example.com"))];
        ProbeReply reply = new(250, "2.1.5", "Recipient OK", "127.0.0.1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, "example.com");
        foreach (byte[] key in _keys)
            _store.Put(new Verdict(key, VerdictStatus.Deliverable, 0, long.MaxValue, reply));
        Random.Shared.Shuffle(_keys);
    }

    [Benchmark]
    public bool Hit()
    {
        _next = _next + 1 < _keys.Length ? _next + 1 : 0;
        return _store.TryGet(_keys[_next], out _);
    }
}
