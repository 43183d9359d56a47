using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Memory in front of slower levels, which are asked in their order when memory has no answer. Each verdict is put into all
/// of them. With Redis and a file: memory, then Redis, and the file only while Redis cannot say; the file's main use is then
/// the next start.
/// <para>
/// Where a level is shared, memory is trusted for as long as no word of the others can have been missed; what it took in before that
/// is looked up once more (<see cref="ISharedVerdictLevel.Generation"/>), in the background (<see cref="MemoryRecheck"/>). Until then
/// a known good is said all the same; a refusal is looked up before it is said. While that level is out of order memory is as good as
/// it gets.
/// </para>
/// <para>
/// <see cref="VerdictLevels"/> are the levels as one, <see cref="LevelLookup"/> asks them, <see cref="MemoryChanges"/> is all that changes
/// memory; a look-up in memory (<see cref="TryGet"/>, <see cref="IsTrusted"/>) passes none of them.
/// </para>
/// </summary>
public sealed class TieredVerdictCache : IVerdictStore, IRemoteChanges, IAsyncDisposable
{
    private readonly MemoryVerdictStore _memory;
    private readonly VerdictLevels _levels;
    private readonly ISharedVerdictLevel? _shared;
    private readonly MemoryChanges _changes;
    private readonly LevelLookup _lookup;
    private readonly MemoryRecheck? _recheck;

    /// <summary>Creates a cache.</summary>
    /// <param name="memory">The first level.</param>
    /// <param name="levels">Those behind it, in the order in which they are asked; the cache disposes of them. May be empty.</param>
    /// <param name="time">The clock.</param>
    /// <param name="recheck">The pace at which memory is checked anew; null for the defaults.</param>
    public TieredVerdictCache(MemoryVerdictStore memory, IReadOnlyList<IVerdictLevel> levels, TimeProvider time, RecheckLimits? recheck = null)
    {
        _memory = memory;
        _levels = new VerdictLevels(levels, time);
        _shared = _levels.Shared;
        _changes = new MemoryChanges(memory, _levels, time);
        _lookup = new LevelLookup(memory, _levels, _changes, time);
        if (_shared is not null)
            _recheck = new MemoryRecheck(memory, _shared, _lookup.LookAsync, time, recheck ?? new RecheckLimits());
    }

    /// <inheritdoc/>
    public bool HasMore => _levels.Count > 0;

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict) => _memory.TryGet(address, out verdict);

    /// <inheritdoc/>
    public bool IsWorthAnnouncing => _memory.IsWorthAnnouncing;

    /// <inheritdoc/>
    public uint Announce(ReadOnlySpan<byte> address) => _memory.Announce(address);

    /// <inheritdoc/>
    public void Approach(uint announced) => _memory.Approach(announced);

    /// <inheritdoc/>
    public void Put(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        _changes.Put(verdict);
    }

    /// <inheritdoc/>
    public bool IsTrusted(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (_shared is null)
            return true;
        int generation = _shared.Generation;
        if (verdict.Generation == generation || !_shared.IsUp)
            return true;
        if (verdict.Status != VerdictStatus.Deliverable || _shared.IsPurged(verdict))
            return false;
        _recheck!.Hasten(verdict, generation);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask RecallAsync(byte[] address) => _lookup.RecallAsync(address);

    /// <summary>
    /// Takes a verdict that was learnt earlier or elsewhere into memory, unless memory knows as much already: something
    /// newer that is still alive, or something definite where the verdict is unknown.
    /// </summary>
    /// <param name="verdict">What a level brings.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Offer(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return _changes.Offer(verdict);
    }

    /// <summary>Takes a verdict that was learnt elsewhere into all levels, unless one of them knows as much already.</summary>
    /// <param name="verdict">An imported verdict.</param>
    /// <returns>Whether it was taken.</returns>
    public async ValueTask<bool> ImportAsync(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (HasMore && !_memory.TryGet(verdict.Address, out _))
            await RecallAsync(verdict.Address);
        return _changes.Import(verdict);
    }

    /// <summary>
    /// Forgets an address in all levels, so that nothing of it comes back: neither what a level was asked about before, nor
    /// what was on its way into one. What a probe under way brings later is new, and stays.
    /// </summary>
    /// <param name="address">Canonical address.</param>
    /// <returns>Whether memory knew it.</returns>
    public ValueTask<bool> RemoveAsync(ReadOnlyMemory<byte> address) => _changes.RemoveAsync(address);

    /// <summary>Forgets all that a scope covers in all levels, in the same way.</summary>
    /// <param name="scope">What to forget.</param>
    /// <returns>How many of them memory had.</returns>
    public ValueTask<int> PurgeAsync(PurgeScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _changes.PurgeAsync(scope);
    }

    /// <inheritdoc/>
    void IRemoteChanges.CheckAnew() => _recheck?.Begin();

    /// <inheritdoc/>
    void IRemoteChanges.Learn(Verdict verdict) => _changes.Learn(verdict);

    /// <inheritdoc/>
    void IRemoteChanges.Forget(byte[] address, long removedAt) => _changes.Forget(address, removedAt);

    /// <inheritdoc/>
    void IRemoteChanges.Purge(PurgeScope scope) => _changes.Forget(scope);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_recheck is not null)
            await _recheck.DisposeAsync();
        await _levels.DisposeAsync();
    }
}
