using System.Collections.Concurrent;
using RcptVerify.Caching;
using RcptVerify.Verification;

namespace RcptVerify.Tests.Caching;

/// <summary>A shared level as other nodes have left it, up or down as the test says.</summary>
internal sealed class SharedLevel : ISharedVerdictLevel
{
    /// <summary>What is answered about an address; nothing where nobody said.</summary>
    public ConcurrentDictionary<string, LevelAnswer> Holds { get; } = new();

    /// <summary>The addresses looked up for nobody, in their order.</summary>
    public ConcurrentQueue<string> LookedUp { get; } = new();

    /// <summary>The addresses looked up for a caller.</summary>
    public ConcurrentQueue<string> Finds { get; } = new();

    public ConcurrentQueue<Verdict> Puts { get; } = new();

    /// <summary>Look-ups wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Purged addresses.</summary>
    public Func<Verdict, bool> Purged { get; set; } = _ => false;

    public volatile bool Up = true;

    private int _generation = 1;

    public int Generation => Volatile.Read(ref _generation);

    public bool IsUp => Up;

    public TimeSpan FindWithin { get; init; } = TimeSpan.FromSeconds(30);

    public bool IsShared => true;

    /// <summary>The connection was lost, and is there again.</summary>
    public void LoseWords() => Interlocked.Increment(ref _generation);

    public async ValueTask<LevelAnswer> FindAsync(byte[] address)
    {
        Finds.Enqueue(NameOf(address));
        await Gate;
        return AnswerOn(address);
    }

    public async ValueTask FindAllAsync(ReadOnlyMemory<byte[]> addresses, Memory<LevelAnswer> answers)
    {
        foreach (byte[] address in addresses.ToArray())
            LookedUp.Enqueue(NameOf(address));
        await Gate;
        for (int i = 0; i < answers.Length; i++)
            answers.Span[i] = AnswerOn(addresses.Span[i]);
    }

    public bool IsPurged(Verdict verdict) => Purged(verdict);

    public void Put(Verdict verdict) => Puts.Enqueue(verdict);

    public ValueTask RemoveAsync(ReadOnlyMemory<byte> address) => default;

    public ValueTask PurgeAsync(PurgeScope scope) => default;

    public ValueTask DisposeAsync() => default;

    private LevelAnswer AnswerOn(byte[] address) =>
        !Up ? LevelAnswer.Unavailable : Holds.TryGetValue(NameOf(address), out LevelAnswer answer) ? answer : LevelAnswer.Nothing;

    private static string NameOf(byte[] address) => System.Text.Encoding.UTF8.GetString(address);
}
