using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// The levels behind memory, in the order in which they are asked; one of them at the most is shared with other nodes. A level that
/// takes too long counts as unavailable.
/// </summary>
internal sealed class VerdictLevels : IAsyncDisposable
{
    private readonly IVerdictLevel[] _levels;
    private readonly TimeProvider _time;

    /// <summary>Takes the levels over.</summary>
    /// <param name="levels">In the order in which they are asked; disposed of with this. May be empty.</param>
    /// <param name="time">The clock.</param>
    public VerdictLevels(IEnumerable<IVerdictLevel> levels, TimeProvider time)
    {
        _levels = [.. levels];
        _time = time;
        SharedAt = Array.FindIndex(_levels, level => level is ISharedVerdictLevel);
        Shared = SharedAt < 0 ? null : (ISharedVerdictLevel)_levels[SharedAt];
    }

    /// <summary>How many there are.</summary>
    public int Count => _levels.Length;

    /// <summary>The shared one; null: there is none.</summary>
    public ISharedVerdictLevel? Shared { get; }

    /// <summary>Its place among them; -1: there is none.</summary>
    public int SharedAt { get; }

    /// <summary>The shared level's generation; 0 without one.</summary>
    public int Generation => Shared?.Generation ?? 0;

    /// <summary>A level.</summary>
    /// <param name="level">Its place.</param>
    public IVerdictLevel this[int level] => _levels[level];

    /// <summary>What a level knows of an address, within its <see cref="IVerdictLevel.FindWithin"/>.</summary>
    /// <param name="level">Its place.</param>
    /// <param name="address">Canonical address. Kept, not to be written to.</param>
    public async ValueTask<LevelAnswer> AskAsync(int level, byte[] address)
    {
        ValueTask<LevelAnswer> asked = _levels[level].FindAsync(address);
        if (asked.IsCompletedSuccessfully)
            return asked.Result;
        Task<LevelAnswer> answer = asked.AsTask();
        await ((Task)answer.WaitAsync(_levels[level].FindWithin, _time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.IsCompletedSuccessfully ? await answer : LevelAnswer.Unavailable;
    }

    /// <summary>Puts a verdict into a level and all behind it.</summary>
    /// <param name="level">The first one's place.</param>
    /// <param name="verdict">The new verdict of its address.</param>
    public void PutFrom(int level, Verdict verdict)
    {
        for (int i = level; i < _levels.Length; i++)
            _levels[i].Put(verdict);
    }

    /// <summary>Puts what another node has put into the shared level into those that are this node's own.</summary>
    /// <param name="verdict">The new verdict of its address.</param>
    public void PutUnshared(Verdict verdict)
    {
        foreach (IVerdictLevel level in _levels)
        {
            if (!level.IsShared)
                level.Put(verdict);
        }
    }

    /// <summary>Forgets what another node has removed from the shared level in those that are this node's own; does not wait for it.</summary>
    /// <param name="forget">What to do to each of them.</param>
    public void ForgetUnshared(Func<IVerdictLevel, ValueTask> forget)
    {
        foreach (IVerdictLevel level in _levels)
        {
            if (!level.IsShared)
                _ = forget(level).AsTask();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IVerdictLevel level in _levels)
            await level.DisposeAsync();
    }
}
