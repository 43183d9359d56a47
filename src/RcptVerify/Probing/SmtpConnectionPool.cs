using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// The sessions with one server, at most <see cref="ProbeSettings.MaxConnections"/> of them, and the probes that wait for
/// one: callers first, background refreshes last. A session serves probe after probe while there are any, then stays
/// open for <see cref="SmtpPoolLimits.IdleTime"/>.
/// <para>
/// A session is given up before it becomes a nuisance: after <see cref="SmtpPoolLimits.MaxErrors"/> refusals, past
/// <see cref="SmtpPoolLimits.MaxAge"/>, and at once when its conversation breaks. A kept session that the server closed
/// meanwhile costs no probe its answer: that probe is made again on a new one, once.
/// </para>
/// </summary>
internal sealed class SmtpConnectionPool : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ServerEndpoint _server;
    private readonly SessionOpener _opener;
    private readonly ProbeSettings _settings;
    private readonly SmtpPoolLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RepeatGuard _troubleGuard;
    private readonly Queue<ProbeJob> _callers = new();
    private readonly Queue<ProbeJob> _background = new();
    private readonly Stack<SmtpSession> _idle = new();
    private readonly ITimer _sweeper;
    private int _active;
    private bool _disposed;

    public SmtpConnectionPool(ServerEndpoint server, ProbeSettings settings, SmtpPoolLimits limits, TimeProvider time, ILogger log, SmtpTranscript? transcript = null)
    {
        _server = server;
        _settings = settings;
        _limits = limits;
        _time = time;
        _log = log;
        _opener = new SessionOpener(server, settings, time, log, transcript);
        _troubleGuard = new RepeatGuard(time);
        _sweeper = time.CreateTimer(static state => ((SmtpConnectionPool)state!).CloseIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Probes at this server. Trouble is an outcome; only a defect of ours throws.</summary>
    public Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTarget target, ProbePriority priority, TimeSpan budget)
    {
        ProbeJob job = new(address, route, target, budget, _time.GetTimestamp());
        lock (_lock)
        {
            if (_disposed || _callers.Count + _background.Count >= _limits.MaxWaiting)
                return Task.FromResult(Trouble(job, ProbeStage.None, _disposed ? "stopping" : "too many probes wait for this server"));
            (priority == ProbePriority.Caller ? _callers : _background).Enqueue(job);
            if (_active >= _settings.MaxConnections)
                return job.Outcome;
            _active++;
        }

        _ = Task.Run(WorkAsync); // connecting is no work for a thread that polls sockets
        return job.Outcome;
    }

    public async ValueTask DisposeAsync()
    {
        List<SmtpSession> idle;
        lock (_lock)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        await _sweeper.DisposeAsync();
        await Task.WhenAll(idle.Select(s => s.QuitAsync()));
    }

    private async Task WorkAsync()
    {
        SmtpSession? session = null;
        while (TryTake(session, out ProbeJob? job, out session))
        {
            try
            {
                session = await ServeAsync(job!, session);
            }
            catch (Exception e)
            {
                // A defect of ours, or a want of the system's (no more descriptors). This probe's callers must hear of
                // it, and the probes behind it must not wait for a worker that is gone.
                Log.SessionDefect(_log, _server.Name, e);
                session?.Dispose();
                session = null;
                job!.Complete(Trouble(job, ProbeStage.None, "internal error"));
            }
        }
    }

    /// <summary>Takes the next probe and a session for it, or puts the session aside and ends this worker.</summary>
    private bool TryTake(SmtpSession? mine, out ProbeJob? job, out SmtpSession? session)
    {
        lock (_lock)
        {
            session = mine;
            if (_callers.TryDequeue(out job) || _background.TryDequeue(out job))
            {
                if (session is null)
                    _idle.TryPop(out session);
                return true;
            }

            _active--;
            if (mine is null)
                return false;
            if (_disposed)
            {
                _ = mine.QuitAsync();
                return false;
            }

            mine.LastUsed = _time.GetTimestamp();
            _idle.Push(mine);
            if (_idle.Count == 1)
                _sweeper.Change(_limits.IdleTime, _limits.IdleTime);
            return false;
        }
    }

    /// <summary>
    /// Answers one probe. Returns the session if another may use it. Only what broke at MAIL is made again: a message whose
    /// dot was sent (<see cref="ProbeTarget.Eod"/>) never is.
    /// </summary>
    private async Task<SmtpSession?> ServeAsync(ProbeJob job, SmtpSession? session)
    {
        if (job.StartedAt is null && _time.GetElapsedTime(job.EnqueuedAt) > _limits.MaxWait)
        {
            job.Complete(Trouble(job, ProbeStage.None, "waited too long for a session"));
            return session;
        }

        if (session is not null && (session.IsStale || IsSpent(session)))
        {
            await session.QuitAsync(); // before another is opened: the server counts both
            session = null;
        }

        bool reused = session is not null;
        job.StartedAt ??= _time.GetTimestamp();
        try
        {
            session ??= await _opener.OpenAsync(Left(job));
            ProbeOutcome outcome = await session.ProbeAsync(job.Address, job.Route, job.Target, Left(job));
            if (reused && outcome is { Reply: { Code: 421, Stage: ProbeStage.Mail } })
            {
                session.Dispose();
                return await ServeAsync(job, null);
            }

            job.Complete(outcome);
            await session.ResetAsync();
            return await KeepAsync(session);
        }
        catch (SmtpConversationException e)
        {
            session?.Dispose();
            if (reused && e is { Stage: ProbeStage.Mail, TimedOut: false } && Left(job) > TimeSpan.Zero)
                return await ServeAsync(job, null);
            job.Complete(Trouble(job, e.Stage, e.Message));
        }
        catch (SmtpRefusedException e)
        {
            string enhanced = e.Reply.Enhanced.IsNone ? "" : e.Reply.Enhanced.ToString();
            job.Complete(Trouble(job, e.Stage, e.Reply.Text, e.Reply.Code, enhanced));
        }

        return null;
    }

    /// <summary>The session, if it can serve on. It is gone before another takes its place: the server counts them.</summary>
    private async Task<SmtpSession?> KeepAsync(SmtpSession session)
    {
        if (session.IsUsable && !IsSpent(session))
            return session;
        await session.QuitAsync();
        return null;
    }

    private bool IsSpent(SmtpSession session) =>
        session.Errors >= _limits.MaxErrors || _time.GetElapsedTime(session.Times.Opened) > _limits.MaxAge;

    private TimeSpan Left(ProbeJob job)
    {
        TimeSpan left = job.StartedAt is long started ? job.Budget - _time.GetElapsedTime(started) : job.Budget;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private ProbeOutcome Trouble(ProbeJob job, ProbeStage stage, string text, int code = 0, string enhanced = "")
    {
        if (_troubleGuard.MayPass(out long held))
        {
            if (held > 0)
                Log.Repeated(_log, held, $"trouble with server {_server.Name}");
            Log.BackendTrouble(_log, job.Route.Name, _server.Name, VerdictNames.Of(stage), LogEscape.Text(code == 0 ? text : $"{code} {enhanced} {text}"));
        }

        return new(VerdictStatus.Unknown, OutcomeScope.Backend, new ProbeReply(code, enhanced, text, _server.Name, job.Target, stage, job.Route.Name));
    }

    private void CloseIdle()
    {
        List<SmtpSession> tired = [];
        lock (_lock)
        {
            SmtpSession[] kept = [.. _idle.Where(s => _time.GetElapsedTime(s.LastUsed) < _limits.IdleTime && !IsSpent(s))];
            tired.AddRange(_idle.Except(kept));
            _idle.Clear();
            foreach (SmtpSession session in kept.Reverse())
                _idle.Push(session);
            _active += tired.Count; // they hold their places until the server has let go of them
            if (_idle.Count == 0 && !_disposed)
                _sweeper.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        foreach (SmtpSession session in tired)
            _ = CloseAsync(session);
    }

    private async Task CloseAsync(SmtpSession session)
    {
        await session.QuitAsync();
        lock (_lock)
        {
            if (_callers.Count + _background.Count == 0)
            {
                _active--;
                return;
            }
        }

        await WorkAsync(); // probes came in meanwhile and found no free place
    }
}
