using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// The sessions with one server, at most <see cref="ProbeSettings.MaxConnections"/> of them, and the probes that wait for
/// one (<see cref="ProbeQueue"/>). A session serves probe after probe while there are any, then stays open for
/// <see cref="SmtpPoolLimits.IdleTime"/>.
/// <para>
/// A session is given up before it becomes a nuisance: after <see cref="ProbeSettings.MaxErrorsPerConnection"/> refusals, past
/// <see cref="SmtpPoolLimits.MaxAge"/>, and at once when its conversation breaks. A server that finds them too many gets
/// fewer for a while (<see cref="PoolSize"/>).
/// </para>
/// </summary>
internal sealed class SmtpConnectionPool : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ServerEndpoint _server;
    private readonly ProbeSettings _settings;
    private readonly SmtpPoolLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RepeatGuard _troubleGuard;
    private readonly PoolWorker _worker;
    private readonly PoolSize _size;
    private readonly ProbeQueue _waiting = new();
    private readonly Stack<SmtpSession> _idle = new();
    private readonly ITimer _sweeper;
    private int _active;
    private int _leaving; // of the active ones: on their way out
    private bool _disposed;

    public SmtpConnectionPool(ServerEndpoint server, ProbeSettings settings, SmtpPoolLimits limits, TimeProvider time, ILogger log, SmtpTranscript? transcript = null)
    {
        _server = server;
        _settings = settings;
        _limits = limits;
        _time = time;
        _log = log;
        _size = new PoolSize(settings.MaxConnections, limits, time);
        _troubleGuard = new RepeatGuard(time);
        _worker = new PoolWorker(this, new SessionOpener(server, settings, time, log, transcript), settings, limits, time);
        _sweeper = time.CreateTimer(static state => ((SmtpConnectionPool)state!).CloseIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Probes at this server. Trouble is an outcome; only a defect of ours throws.</summary>
    public Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTarget target, ProbeTicket ticket, TimeSpan budget)
    {
        ProbeJob job = new(address, route, target, budget, _time.GetTimestamp(), ticket);
        bool begins;
        lock (_lock)
        {
            if (_disposed)
                return Task.FromResult(Stopping(route));
            if (_waiting.Count >= _limits.MaxWaiting)
                return Task.FromResult(Trouble(job, ProbeStage.None, "too many probes wait for this server"));
            _waiting.Enqueue(job);
            begins = _active < _size.Allowed;
            if (begins)
                _active++;
        }

        if (ticket.Priority == ProbePriority.Background)
            ticket.WhenRaised(() => Promote(job));
        if (!begins)
            return job.Outcome;
        _ = Task.Run(WorkAsync); // connecting is no work for a thread that polls sockets
        return job.Outcome;
    }

    public async ValueTask DisposeAsync()
    {
        List<SmtpSession> idle;
        List<ProbeJob> waiting = [];
        lock (_lock)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
            while (_waiting.TryDequeue(out ProbeJob? job))
                waiting.Add(job);
        }

        foreach (ProbeJob job in waiting)
            job.Complete(Stopping(job.Route));
        await _sweeper.DisposeAsync();
        await Task.WhenAll(idle.Select(s => s.QuitAsync()));
    }

    /// <summary>The outcome of a probe that met trouble, which the log is told.</summary>
    public ProbeOutcome Trouble(ProbeJob job, ProbeStage stage, string text, int code = 0, string enhanced = "")
    {
        ProbeReply reply = new(code, enhanced, text, _server.Name, job.Target, stage, job.Route.Name);
        TellTrouble(job, reply);
        return new(VerdictStatus.Unknown, OutcomeScope.Backend, reply);
    }

    /// <summary>Tells the log of a reply that speaks of the server and not of the recipient, or of the want of one.</summary>
    public void TellTrouble(ProbeJob job, ProbeReply reply)
    {
        if (!_troubleGuard.MayPass(out long held))
            return;
        if (held > 0)
            Log.Repeated(_log, held, $"trouble with server {_server.Name}");
        string said = reply.Code == 0 ? reply.Text : $"{reply.Code} {reply.Enhanced} {reply.Text}";
        Log.BackendTrouble(_log, job.Route.Name, _server.Name, VerdictNames.Of(reply.Stage), LogEscape.Text(said));
    }

    /// <summary>No session can be opened: another server may know, and if none does, nobody learns more by waiting here.</summary>
    public void GiveUpWaiting(ProbeStage stage, string text)
    {
        List<ProbeJob> waiting = [];
        lock (_lock)
        {
            while (_waiting.TryDequeue(out ProbeJob? job))
                waiting.Add(job);
        }

        foreach (ProbeJob job in waiting)
            job.Complete(Trouble(job, stage, text) with { Waited = _time.GetElapsedTime(job.EnqueuedAt) });
    }

    private void Promote(ProbeJob job)
    {
        lock (_lock)
            _waiting.Promote(job);
    }

    /// <summary>A probe comes first in line again.</summary>
    public void PutBack(ProbeJob job)
    {
        lock (_lock)
            _waiting.PutBack(job);
    }

    /// <summary>
    /// The server took no further session. True where others of ours are open: they take over these probes, which are out of
    /// the caller's hands then.
    /// </summary>
    public bool TryLeaveToOthers(IReadOnlyList<ProbeJob> batch, SmtpRefusedException refusal)
    {
        bool leaves;
        int before, allowed;
        lock (_lock)
        {
            before = _size.Allowed;
            allowed = _size.Shrink(_active + _idle.Count - 1);
            leaves = _active + _idle.Count > 1;
            if (leaves)
                _leaving++; // until it looks for what to do next: its place is no session
            foreach (ProbeJob job in leaves ? batch : [])
            {
                job.StartedAt = null; // it has not had a session
                _waiting.PutBack(job);
            }
        }

        TellShrunk(before, allowed, refusal.Reply.ToString());
        return leaves;
    }

    /// <summary>The server is short of resources: half as many sessions.</summary>
    public void Relieve(ProbeReply reply)
    {
        int before, allowed;
        lock (_lock)
        {
            before = _size.Allowed;
            allowed = _size.Shrink(before / 2);
        }

        TellShrunk(before, allowed, $"{reply.Code} {reply.Enhanced} {reply.Text}");
    }

    private ProbeOutcome Stopping(Route route) => ProbeOutcome.BackendTrouble(route, _server.Name, ProbeStage.None, "stopping");

    private void TellShrunk(int before, int allowed, string reply)
    {
        if (allowed < before)
            Log.PoolShrunk(_log, _server.Name, allowed, _limits.GrowInterval, LogEscape.Text(reply));
    }

    private async Task WorkAsync()
    {
        SmtpSession? session = null;
        bool leaving = false;
        List<ProbeJob> batch = [];
        while (true)
        {
            switch (Next(ref session, ref leaving, batch))
            {
                case Step.Serve:
                    (session, leaving) = await ServeAsync(batch, session);
                    break;
                case Step.Reset:
                    session = await _worker.ResetAsync(session!);
                    break;
                case Step.Leave:
                    await session!.QuitAsync(); // it holds its place until the server has let go of it
                    session = null;
                    leaving = true;
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Serves a batch, and leaves none of it without an outcome.</summary>
    private async Task<(SmtpSession? Session, bool LeftToOthers)> ServeAsync(List<ProbeJob> batch, SmtpSession? session)
    {
        try
        {
            return await _worker.ServeAsync(batch, session);
        }
        catch (Exception e)
        {
            // A defect of ours, or a want of the system's (no more descriptors). These probes' callers must hear of it, and
            // the probes behind them must not wait for a worker that is gone.
            Log.SessionDefect(_log, _server.Name, e);
            session?.Dispose();
            foreach (ProbeJob job in batch)
            {
                if (!job.IsDone)
                    job.Complete(Trouble(job, ProbeStage.None, "internal error"));
            }

            return (null, false);
        }
    }

    private enum Step
    {
        /// <summary>Ask about the batch, with the session where there is one.</summary>
        Serve,

        /// <summary>Nothing waits: give up the session's transaction, and look again.</summary>
        Reset,

        /// <summary>Close the session, and look again.</summary>
        Leave,

        /// <summary>The worker's place is free, its session put aside.</summary>
        Rest,
    }

    private Step Next(ref SmtpSession? session, ref bool leaving, List<ProbeJob> batch)
    {
        batch.Clear();
        lock (_lock)
        {
            if (leaving)
                _leaving--;
            leaving = false;
            bool waiting = _waiting.TryPeek(out _);
            if (waiting && session is null && _idle.TryPop(out session))
                session.IsRested = true;
            int sessions = _active + _idle.Count;
            if (session is not null && (_disposed || sessions - _leaving > _size.Allowed))
            {
                _leaving++;
                return Step.Leave;
            }

            if (waiting && sessions <= _size.Allowed)
            {
                Fill(batch, session);
                return Step.Serve;
            }

            if (session is { InTransaction: true })
                return Step.Reset;
            _active--;
            if (session is not null)
                PutAside(session);
            return Step.Rest;
        }
    }

    /// <summary>Takes the next probe, and with it those that can go out in one piece.</summary>
    private void Fill(List<ProbeJob> batch, SmtpSession? session)
    {
        if (!_waiting.TryDequeue(out ProbeJob? first))
            return;
        batch.Add(first);
        int room = session is null ? 1 : _worker.RoomFor(first, session);
        while (batch.Count < room && _waiting.TryPeek(out ProbeJob? next) && next.GoesWith(first) && _waiting.TryDequeue(out next))
            batch.Add(next);
    }

    private void PutAside(SmtpSession session)
    {
        session.LastUsed = _time.GetTimestamp();
        _idle.Push(session);
        if (_idle.Count == 1)
            _sweeper.Change(_limits.IdleTime, _limits.IdleTime);
    }

    private void CloseIdle()
    {
        List<SmtpSession> tired = [];
        lock (_lock)
        {
            SmtpSession[] kept = [.. _idle.Where(s => _time.GetElapsedTime(s.LastUsed) < _limits.IdleTime && !_worker.IsSpent(s))];
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
        await WorkAsync(); // gives up the place, or serves probes that came in meanwhile and found none
    }
}
