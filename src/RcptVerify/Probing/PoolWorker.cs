using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Gets probes answered by a session: a kept one, or a new one. What a session that was kept, or a transaction that others
/// have filled, cost a probe is made good once, on a new session; a message whose dot was sent (<see cref="ProbeTarget.Eod"/>)
/// is never made again.
/// </summary>
internal sealed class PoolWorker(SmtpConnectionPool pool, SessionOpener opener, ProbeSettings settings, SmtpPoolLimits limits, TimeProvider time)
{
    private static readonly TimeSpan WorthTelling = TimeSpan.FromMilliseconds(10);

    /// <summary>Sessions in a row that could not be opened, after which nobody else has to wait for the same to happen: 3.</summary>
    private const int HopelessAfter = 3;

    private int _notOpened;

    // What the server has shown to bear in one transaction, once it has complained.
    private volatile int _mostRecipients = settings.RecipientsPerTransaction;

    /// <summary>Answers these probes.</summary>
    /// <param name="batch">One probe, or several that go out together.</param>
    /// <param name="session">A session of the caller's, or null.</param>
    /// <returns>The session if it can serve on; whether the probes were left to other sessions (<see cref="SmtpConnectionPool.TryLeaveToOthers"/>).</returns>
    public async Task<(SmtpSession? Session, bool LeftToOthers)> ServeAsync(List<ProbeJob> batch, SmtpSession? session)
    {
        GiveUpOverdue(batch);
        if (batch.Count == 0)
            return (session, false);
        if (session is not null && (IsSpent(session) || (session.IsRested && session.IsStale)))
        {
            await session.QuitAsync(); // before another is opened: the server counts both
            session = null;
        }

        bool reused = session is not null;
        while (true)
        {
            try
            {
                session = await WithRoomAsync(session, batch[0]) ?? await opener.OpenAsync(Left(batch));
                Volatile.Write(ref _notOpened, 0);
                session.IsRested = false;
                bool followsOthers = session.Recipients > 0;
                await AskAsync(batch, session, reused, followsOthers);
                if (batch.Count == 0)
                    return (await KeepAsync(session), false);
                session.Dispose(); // 421 instead of an answer
            }
            catch (SmtpConversationException e)
            {
                bool followedOthers = session is { Recipients: > 1 };
                session?.Dispose();
                bool lostUnderway = e.Stage == ProbeStage.Mail || (e.Stage == ProbeStage.Rcpt && (followedOthers || batch.Count > 1));
                if (!reused || !lostUnderway || e.TimedOut || Left(batch) == TimeSpan.Zero)
                {
                    Fail(batch, e.Stage, e.Message);
                    if (e.Stage < ProbeStage.Mail && Interlocked.Increment(ref _notOpened) >= HopelessAfter)
                        pool.GiveUpWaiting(e.Stage, e.Message);
                    return (null, false);
                }
            }
            catch (SmtpRefusedException e)
            {
                if (PoolSize.IsAboutSessions(e) && pool.TryLeaveToOthers(batch, e))
                    return (null, true);
                Fail(batch, e.Stage, e.Reply.Text, e.Reply.Code, e.Reply.Enhanced.IsNone ? "" : e.Reply.Enhanced.ToString());
                return (null, false);
            }

            session = null;
            reused = false;
        }
    }

    /// <summary>Gives up the transaction under way. Returns the session if it can serve on.</summary>
    public async Task<SmtpSession?> ResetAsync(SmtpSession session)
    {
        await session.ResetAsync();
        return await KeepAsync(session);
    }

    /// <summary>How many probes may go out together: no more than may be refused before the session has to be given up.</summary>
    public int RoomFor(ProbeJob first, SmtpSession session)
    {
        if (!session.IsPipelining || first.Target != ProbeTarget.Rcpt)
            return 1;
        int named = session.CanTake(first, _mostRecipients) ? session.Recipients : 0;
        return Math.Min(_mostRecipients - named, settings.MaxErrorsPerConnection - session.Errors);
    }

    /// <summary>Too many errors, or too old.</summary>
    public bool IsSpent(SmtpSession session) =>
        session.Errors >= settings.MaxErrorsPerConnection || time.GetElapsedTime(session.OpenedAt) > limits.MaxAge;

    /// <summary>Removes from the batch what has its answer; what is left met a 421 that a new session may not meet.</summary>
    private async ValueTask AskAsync(List<ProbeJob> batch, SmtpSession session, bool reused, bool followsOthers)
    {
        if (batch.Count > 1)
            await session.ProbeTogetherAsync(batch, Left(batch), Take);
        else
            Take(batch[0], await session.ProbeAsync(batch[0], Left(batch)));

        void Take(ProbeJob job, ProbeOutcome outcome)
        {
            ProbeReply reply = outcome.Reply;
            if (reply.Code == 421 && reused && (reply.Stage == ProbeStage.Mail || (reply.Stage == ProbeStage.Rcpt && followsOthers)))
                return;
            if (PoolSize.IsBackPressure(reply))
                pool.Relieve(reply);
            if (PoolSize.IsTooManyRecipients(reply) && !job.WantsOwnTransaction && session.Recipients > 1)
            {
                _mostRecipients = Math.Min(_mostRecipients, session.Recipients - 1);
                job.WantsOwnTransaction = true;
                batch.Remove(job);
                pool.PutBack(job);
                return;
            }

            if (outcome.Scope == OutcomeScope.Backend && reply.Code != 0)
                pool.TellTrouble(job, reply);
            batch.Remove(job);
            TimeSpan waited = time.GetElapsedTime(job.EnqueuedAt, job.StartedAt!.Value);
            job.Complete(waited < WorthTelling ? outcome : outcome with { Waited = waited });
        }
    }

    /// <summary>The session with a transaction that can take this probe, or none yet; null where there is no session.</summary>
    private async ValueTask<SmtpSession?> WithRoomAsync(SmtpSession? session, ProbeJob job)
    {
        if (session is null || session.CanTake(job, _mostRecipients))
            return session;
        return await ResetAsync(session);
    }

    /// <summary>The session, if it can serve on. It is gone before another takes its place: the server counts them.</summary>
    private async ValueTask<SmtpSession?> KeepAsync(SmtpSession session)
    {
        if (session.IsUsable && !IsSpent(session))
            return session;
        await session.ResetAsync();
        await session.QuitAsync();
        return null;
    }

    private void GiveUpOverdue(List<ProbeJob> batch)
    {
        long now = time.GetTimestamp();
        for (int i = batch.Count - 1; i >= 0; i--)
        {
            ProbeJob job = batch[i];
            if (job.StartedAt is null && time.GetElapsedTime(job.EnqueuedAt, now) > limits.MaxWait)
            {
                job.Complete(pool.Trouble(job, ProbeStage.None, "waited too long for a session"));
                batch.RemoveAt(i);
            }

            job.StartedAt ??= now;
        }
    }

    private void Fail(List<ProbeJob> batch, ProbeStage stage, string text, int code = 0, string enhanced = "")
    {
        foreach (ProbeJob job in batch)
            job.Complete(pool.Trouble(job, stage, text, code, enhanced) with { Waited = time.GetElapsedTime(job.EnqueuedAt, job.StartedAt!.Value) });
    }

    /// <summary>What is left of their budgets, which began when they first had a session.</summary>
    private TimeSpan Left(List<ProbeJob> batch)
    {
        TimeSpan least = TimeSpan.MaxValue;
        foreach (ProbeJob job in batch)
        {
            TimeSpan left = job.Budget - time.GetElapsedTime(job.StartedAt!.Value);
            if (left < least)
                least = left;
        }

        return least > TimeSpan.Zero ? least : TimeSpan.Zero;
    }
}
