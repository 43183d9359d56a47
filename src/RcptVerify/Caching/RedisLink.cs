using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// The connection to Redis: made in the background, looked after for ever. Each <see cref="RedisStoreLimits.SyncInterval"/> it brings
/// the purges of both sides together, reads Redis' clock, and sends itself a message by publish/subscribe. Whenever that works after
/// it did not, messages may have been missed: <see cref="Generation"/> goes up.
/// <para>Security: the connection string holds a password; only endpoints are ever told. No exception of the client's is logged whole.</para>
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private static readonly TimeProvider RealTime = TimeProvider.System;

    /// <summary>The first answer may take long, with the script still to be loaded: a clock read that slowly is read again.</summary>
    private const int ClockReadings = 3;

    private readonly RedisConnector _connector;
    private readonly RedisTls _tls;
    private readonly RedisStoreLimits _limits;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Action<ReadOnlyMemory<byte>> _receive;
    private readonly Action<PurgeScope> _purged;
    private readonly Func<Task> _caughtUp;
    private readonly ILogger _log;
    private readonly RepeatGuard _defects = new(RealTime);
    private readonly ConcurrentQueue<(PurgeScope Scope, long At)> _early = new();
    private ConnectionMultiplexer? _redis;
    private Task _running = Task.CompletedTask;
    private TaskCompletionSource<bool>? _echo;
    private bool _subscribed;
    private long _nonce;
    private int _generation;
    private volatile bool _missed = true;

    /// <param name="server">Which Redis.</param>
    /// <param name="limits">Caps and times.</param>
    /// <param name="time">The clock that dates verdicts.</param>
    /// <param name="log">Trouble and its end.</param>
    /// <param name="receive">Takes a message of another node; one at a time, in their order.</param>
    /// <param name="purged">Takes a purge that is news.</param>
    /// <param name="caughtUp">Writes what waits; called after each synchronisation.</param>
    public RedisLink(
        RedisServerSettings server, RedisStoreLimits limits, TimeProvider time, ILogger log,
        Action<ReadOnlyMemory<byte>> receive, Action<PurgeScope> purged, Func<Task> caughtUp)
    {
        ConfigurationOptions options = RedisConnectionString.Parse(server.ConnectionString);
        _tls = new RedisTls(server, options);
        _connector = new RedisConnector(options);
        _limits = limits;
        _receive = receive;
        _purged = purged;
        _caughtUp = caughtUp;
        _log = log;
        Clock = new RedisClock(time);
        Purges = new RedisPurges(limits.MaxPurges);
        Name = RedisConnectionString.NameOf(options);
        Health = new RedisHealth(Name, limits.LateLimit, RealTime, log);
        Health.WentDown += () => _missed = true;
        Health.WentDown += Wake;
    }

    /// <summary>The endpoints, for the log.</summary>
    public string Name { get; }

    /// <summary>This process among the nodes.</summary>
    public long Node { get; } = Random.Shared.NextInt64();

    public RedisHealth Health { get; }

    public RedisClock Clock { get; }

    public RedisPurges Purges { get; }

    /// <summary>See <see cref="ISharedVerdictLevel.Generation"/>.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Null while there is nothing to ask.</summary>
    public IDatabase? Database => Health.IsUp ? _redis?.GetDatabase() : null;

    /// <summary>Whether a verdict was asked for before a purge that covers it.</summary>
    public bool IsPurged(Verdict verdict) => Purges.Cover(verdict, Clock.Offset);

    /// <summary>Takes note of a purge of ours.</summary>
    /// <param name="scope">What.</param>
    /// <param name="now">When, by our clock. Before Redis' clock was ever read nobody knows what time that is there; nothing is read before either.</param>
    public void Purge(PurgeScope scope, long now)
    {
        if (Clock.IsKnown)
            Purges.Add(scope, now + Clock.Offset);
        else
            _early.Enqueue((scope, now));
    }

    /// <summary>Begins to connect.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Has the next synchronisation begin now.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        if (_redis is not null)
            await _redis.DisposeAsync();
        await _connector.DisposeAsync();
        _stopping.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _redis ??= await ConnectAsync();
                await SubscribeAsync(_redis);
                await SynchroniseAsync(_redis);
                await _caughtUp();
            }
            catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
            {
                if (!_stopping.IsCancellationRequested)
                    Health.Down(TroubleOf(e), _tls.Refused);
            }
            catch (Exception e)
            {
                // A defect of ours must not end the loop: nothing else would bring Redis back.
                Health.Down("internal error");
                if (_defects.MayPass(out _))
                    Log.RedisDefect(_log, Name, e);
            }

            await ((Task)_wake.WaitAsync(Health.IsUp ? _limits.SyncInterval : _limits.RetryAfter, _stopping.Token))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        ConnectionMultiplexer redis = await _connector.ConnectAsync();
        redis.ConnectionFailed += (_, failed) =>
        {
            _missed = true;
            Health.Down($"connection to {failed.EndPoint} lost ({failed.FailureType})", _tls.Refused);
        };
        redis.ConnectionRestored += (_, _) =>
        {
            _missed = true;
            Wake();
        };
        return redis;
    }

    /// <summary>Once: the client subscribes again by itself whenever it has connected again.</summary>
    private async Task SubscribeAsync(ConnectionMultiplexer redis)
    {
        if (_subscribed)
            return;
        ChannelMessageQueue queue = await redis.GetSubscriber().SubscribeAsync(RedisKeys.Changes).WaitAsync(_limits.SyncWithin, RealTime, _stopping.Token);
        queue.OnMessage(message => Receive(message.Message));
        _subscribed = true;
    }

    private void Receive(RedisValue payload)
    {
        try
        {
            ReadOnlyMemory<byte> bytes = payload;
            if (RedisMessage.TryRead(bytes.Span, out RedisMessage message) && message.Kind == RedisMessageKind.Echo)
            {
                if (message.Sender == Node && message.Number == Volatile.Read(ref _nonce))
                    _echo?.TrySetResult(true);
                return;
            }

            _receive(bytes);
        }
        catch (Exception e)
        {
            // The queue behind must go on whatever a message does.
            if (_defects.MayPass(out _))
                Log.RedisDefect(_log, Name, e);
        }
    }

    private async Task SynchroniseAsync(ConnectionMultiplexer redis)
    {
        bool missed = _missed;
        _missed = false;
        try
        {
            TaskCompletionSource<bool> echo = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _echo = echo;
            long nonce = Interlocked.Increment(ref _nonce);
            List<RedisValue> arguments = [RedisKeys.Changes.ToString(), RedisMessage.Echo(Node, nonce)];
            foreach ((string field, long at) in Purges.List())
            {
                arguments.Add(field);
                arguments.Add(at);
            }

            RedisValue[] told = [];
            for (int i = 0; i < ClockReadings; i++)
            {
                long sent = RealTime.GetTimestamp();
                RedisResult result = await redis.GetDatabase().ScriptEvaluateAsync(RedisScripts.Sync, [RedisKeys.Purges], [.. arguments])
                    .WaitAsync(_limits.SyncWithin, RealTime, _stopping.Token);
                told = (RedisValue[])result!;
                Clock.Set((long)told[0], sent);
                if (RealTime.GetElapsedTime(sent).TotalMilliseconds <= RedisClock.Tolerance)
                    break;
            }

            while (_early.TryDequeue(out (PurgeScope Scope, long At) purge))
                Purges.Add(purge.Scope, purge.At + Clock.Offset);
            for (int i = 1; i + 1 < told.Length; i += 2)
                Learn(told[i].ToString(), told[i + 1].ToString());
            await PingAllAsync(redis);
            await echo.Task.WaitAsync(_limits.SyncWithin, RealTime, _stopping.Token);
        }
        catch
        {
            _missed = true;
            throw;
        }

        if (missed || !Health.IsUp)
            Interlocked.Increment(ref _generation);
        if (!_missed)
            Health.Up();
        else
            Wake();
    }

    /// <summary>In a cluster each primary has some of the addresses; elsewhere the script has been at the only one.</summary>
    private async Task PingAllAsync(ConnectionMultiplexer redis)
    {
        foreach (IServer server in redis.GetServers())
        {
            if (server is { ServerType: ServerType.Cluster, IsReplica: false })
                await server.PingAsync().WaitAsync(_limits.SyncWithin, RealTime, _stopping.Token);
        }
    }

    private void Learn(string field, string time)
    {
        if (long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long at)
            && RedisPurges.ScopeOf(field) is { } scope
            && !VerdictRecord.IsTooFarAhead(at - Clock.Offset, Clock.Now)
            && Purges.Add(scope, at) is { } news)
        {
            _purged(news);
        }
    }

    /// <summary>What may be told: the client's messages can be long, but hold no password.</summary>
    private static string TroubleOf(Exception e) => e switch
    {
        TimeoutException => "no answer in time",
        NoPrimaryException => e.Message,
        RedisServerException => e.Message.Length > 200 ? e.Message[..200] : e.Message,
        RedisConnectionException connection => $"no connection ({connection.FailureType})",
        _ => e.GetType().Name,
    };
}
