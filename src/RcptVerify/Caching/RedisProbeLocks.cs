using System.Collections.Concurrent;
using System.Globalization;
using RcptVerify.Verification;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// One probe an address over all nodes: a lock in Redis that expires unless its owner extends it. Who finds it taken listens first,
/// has then asked (and been told the verdict that stands there), waits for the owner's word, and asks again when the lock's time is
/// over: publish/subscribe may lose a message, and an owner may die. The lock is no fence by itself: an owner that was held up past
/// its lock's life writes all the same, and the comparison in <see cref="RedisScripts.Put"/> keeps the newer answer.
/// </summary>
public sealed class RedisProbeLocks : ISharedProbes
{
    private static readonly TimeProvider RealTime = TimeProvider.System;

    /// <summary>Added to a foreign lock's time: it expires by Redis' clock, not by ours.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly RedisLink _link;
    private readonly RedisStoreLimits _limits;
    private readonly Func<byte[], RedisValue, LevelAnswer> _read;
    private readonly TimeProvider _waits;
    private readonly ConcurrentDictionary<byte[], TaskCompletionSource<Word?>> _waiters = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<byte[], Turn> _held = new(Utf8KeyComparer.Instance);
    private readonly ITimer _extending;
    private long _tokens;

    internal RedisProbeLocks(RedisLink link, RedisStoreLimits limits, Func<byte[], RedisValue, LevelAnswer> read, TimeProvider waits)
    {
        _link = link;
        _limits = limits;
        _read = read;
        _waits = waits;
        _link.Health.WentDown += LetGo;
        _extending = RealTime.CreateTimer(_ => Extend(), null, limits.LockLife / 4, limits.LockLife / 4);
    }

    /// <summary>Takes the verdict that was found beside a lock.</summary>
    internal IRemoteChanges? Changes { get; set; }

    /// <summary>Locks held.</summary>
    public int Count => _held.Count;

    /// <inheritdoc/>
    public async ValueTask<IProbeTurn> EnterAsync(byte[] address, ProbePriority priority, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && _link.Database is { } redis)
        {
            TaskCompletionSource<Word?> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters[address] = told;
            try
            {
                Turn turn = new(this, address, string.Create(CultureInfo.InvariantCulture, $"{_link.Node:x}-{Interlocked.Increment(ref _tokens):x}"));
                TimeSpan? taken = await AcquireAsync(redis, turn);
                if (taken is null || turn.IsHeld)
                    return turn;
                if (priority == ProbePriority.Background)
                    return new Elsewhere(new Word(RedisMessage.NoAnswer, null));
                Task<Word?> word = told.Task;
                await ((Task)word.WaitAsync(taken.Value + Slack, _waits, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (word.IsCompletedSuccessfully && await word is { } said)
                    return new Elsewhere(said);
            }
            finally
            {
                _waiters.TryRemove(new(address, told));
            }
        }

        return new Turn(this, address, "");
    }

    /// <summary>A verdict is on its way to Redis: the lock on its address is given back after it.</summary>
    internal void Written(byte[] address, Task write)
    {
        if (_held.TryGetValue(address, out Turn? turn))
            turn.Write = write;
    }

    /// <summary>Another node's probe has ended.</summary>
    internal void Told(byte[] address, byte flags, Verdict? verdict)
    {
        if (_waiters.TryGetValue(address, out TaskCompletionSource<Word?>? told))
            told.TrySetResult(new Word(flags, verdict));
    }

    /// <summary>Ends the extending.</summary>
    internal void Stop() => _extending.Dispose();

    /// <summary>Nobody waits for the word of nodes that cannot be heard.</summary>
    private void LetGo()
    {
        foreach (TaskCompletionSource<Word?> told in _waiters.Values)
            told.TrySetResult(null);
    }

    /// <returns>How long another node's lock still lives; zero where the turn is ours; null where Redis did not say.</returns>
    private async Task<TimeSpan?> AcquireAsync(IDatabase redis, Turn turn)
    {
        Task<RedisResult> asked = redis.ScriptEvaluateAsync(
            RedisScripts.Acquire, [RedisKeys.Lock(turn.Address), RedisKeys.Verdict(turn.Address)],
            [turn.Token, (long)_limits.LockLife.TotalMilliseconds, SharedRecord.MaxBytes]);
        await ((Task)asked.WaitAsync(_limits.LockWithin, _waits)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asked.IsCompletedSuccessfully)
        {
            if (asked.Exception?.InnerException is not RedisServerException)
                _link.Health.Late();
            _ = GiveBackLateAsync(redis, turn, asked);
            return null;
        }

        _link.Health.InTime();
        var reply = (RedisResult[])(await asked)!;
        LevelAnswer beside = _read(turn.Address, (RedisValue)reply[2]);
        if (beside.Verdict is { } verdict)
            Changes?.Learn(verdict);
        if ((int)reply[0] == 1)
        {
            turn.IsHeld = true;
            _held[turn.Address] = turn;
            return TimeSpan.Zero;
        }

        // No time to live: somebody else's key, or a lock that went just now.
        long left = (long)reply[1];
        return TimeSpan.FromMilliseconds(Math.Clamp(left, 1, _limits.LockLife.TotalMilliseconds));
    }

    /// <summary>A lock that came after its caller had gone on without it must not keep the others waiting.</summary>
    private static async Task GiveBackLateAsync(IDatabase redis, Turn turn, Task<RedisResult> asked)
    {
        await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (asked.IsCompletedSuccessfully && (int)((RedisResult[])(await asked)!)[0] == 1)
            await ((Task)redis.KeyDeleteAsync(RedisKeys.Lock(turn.Address))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Extend()
    {
        if (_link.Database is not { } redis)
            return;
        foreach (Turn turn in _held.Values)
        {
            _ = redis.ScriptEvaluateAsync(
                RedisScripts.Extend, [RedisKeys.Lock(turn.Address)], [turn.Token, (long)_limits.LockLife.TotalMilliseconds], CommandFlags.FireAndForget);
        }
    }

    private async Task GiveBackAsync(Turn turn, ProbeConclusion? conclusion)
    {
        await turn.Write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _held.TryRemove(new(turn.Address, turn));
        if (_link.Database is not { } redis)
            return;
        byte flags = conclusion is null or { Outcome.Status: VerdictStatus.Unknown } ? RedisMessage.NoAnswer : (byte)0;
        if (conclusion?.Discounted == true)
            flags |= RedisMessage.Discounted;
        byte[] message = RedisMessage.About(_link.Node, RedisMessageKind.Probed, turn.Address, flags);
        if (conclusion is not null)
            message = [.. message, .. SharedRecord.Encode(conclusion.Verdict, _link.Clock.Offset)];
        await ((Task)redis.ScriptEvaluateAsync(
            RedisScripts.Release, [RedisKeys.Lock(turn.Address)], [turn.Token, RedisKeys.Changes.ToString(), message]))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What an owner said: how its probe ended, and the verdict that holds since.</summary>
    private sealed record Word(byte Flags, Verdict? Verdict);

    private sealed class Turn(RedisProbeLocks locks, byte[] address, string token) : IProbeTurn
    {
        public byte[] Address => address;

        public string Token => token;

        public bool IsHeld { get; set; }

        public volatile Task Write = Task.CompletedTask;

        public bool IsMine => true;

        public ProbeConclusion Conclude(Verdict? known, RecipientAddress recipient, Route route, long now) =>
            throw new InvalidOperationException("This node probes itself.");

        public void Leave(ProbeConclusion? conclusion)
        {
            if (IsHeld)
                _ = locks.GiveBackAsync(this, conclusion);
        }
    }

    /// <summary>Another node probes, or has.</summary>
    private sealed class Elsewhere(Word word) : IProbeTurn
    {
        public bool IsMine => false;

        public ProbeConclusion Conclude(Verdict? known, RecipientAddress recipient, Route route, long now)
        {
            ArgumentNullException.ThrowIfNull(recipient);
            ArgumentNullException.ThrowIfNull(route);
            bool discounted = (word.Flags & RedisMessage.Discounted) != 0;
            Verdict? said = word.Verdict is { } verdict && verdict.Reply.StillCountsFor(route) ? verdict : null;
            Verdict? holds = known ?? said;
            if (holds is not null && (word.Flags & RedisMessage.NoAnswer) == 0)
                return new(holds, Outcome: null, discounted);
            ProbeOutcome outcome = said is { Status: VerdictStatus.Unknown }
                ? new ProbeOutcome(VerdictStatus.Unknown, OutcomeScope.Backend, said.Reply)
                : ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, "another node's probe brought no answer");
            holds ??= new Verdict(recipient.Key, VerdictStatus.Unknown, now, now, outcome.Reply);
            return new(holds, outcome, discounted);
        }

        public void Leave(ProbeConclusion? conclusion)
        {
        }
    }
}
