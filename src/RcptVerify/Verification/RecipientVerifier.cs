using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Verification;

/// <summary>
/// Answers whether a recipient exists: from the cache where it can, by one probe where it must.
/// <para>
/// Order of things: canonical address, route (of the domain, else of the next hop), own probes, <c>always_accept</c>, cache, <see cref="Freshness"/>, the
/// client's <see cref="ClientBudget"/>, single-flight probe, <see cref="CanaryGuard"/>, <see cref="RouteTrust"/>, <see cref="Knowledge"/>. A cache hit
/// completes synchronously, takes no lock and allocates nothing; a refusal of a route with a client limit does a little of both.
/// </para>
/// <para>
/// Safety: every doubt ends as <see cref="VerificationOutcome.Unknown"/> (4xx), never as a refusal. Strangers choose
/// the addresses; what they can cost is bounded by the store's limit, the prober's queue and one probe per address.
/// </para>
/// </summary>
public sealed class RecipientVerifier : IRecipientVerifier, IDisposable
{
    /// <summary>More than any caller waits, and a time that timers can measure.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private const string Distrusted = "the server refuses its known goods";

    private readonly IVerdictStore _store;
    private readonly IRecipientProber _prober;
    private readonly ISharedProbes? _shared;
    private readonly INextHops? _nextHops;
    private readonly TimeProvider _time;
    private readonly ILogger<RecipientVerifier> _log;
    private readonly InflightProbes _inflight = new();
    private readonly ClientBudget _clients;
    private readonly RepeatGuard _clientLines;
    private readonly RouteTrust _trust;
    private readonly CanaryGuard _canaries;
    private readonly Rechecks _rechecks;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stoppingToken;
    private bool _disposed;
    private volatile RouteTable _routes;

    /// <summary>Creates a verifier.</summary>
    /// <param name="routes">Where recipients are asked about.</param>
    /// <param name="store">Where verdicts are kept.</param>
    /// <param name="prober">Who asks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For refreshes, demotions and defects; decisions are logged by the doors.</param>
    /// <param name="shared">Sees to it that other nodes do not ask at the same time; null: there are none.</param>
    /// <param name="nextHops">Routes for domains that have none; null: there are none.</param>
    public RecipientVerifier(
        RouteTable routes, IVerdictStore store, IRecipientProber prober, TimeProvider time, ILogger<RecipientVerifier> log,
        ISharedProbes? shared = null, INextHops? nextHops = null)
    {
        _shared = shared;
        _nextHops = nextHops;
        _routes = routes;
        _store = store;
        _prober = prober;
        _time = time;
        _log = log;
        _clients = new ClientBudget(time);
        _clientLines = new RepeatGuard(time);
        _stoppingToken = _stopping.Token;
        _trust = new RouteTrust(prober, log);
        _canaries = new CanaryGuard(prober, _trust, time, _stoppingToken);
        _rechecks = new Rechecks(RecheckAsync, time, _stoppingToken);
    }

    /// <summary>The routes in force. Setting them (reload) drops no verdict whose server and target still stand.</summary>
    public RouteTable Routes
    {
        get => _routes;
        set => _routes = value;
    }

    /// <summary>Ends all waiting: callers get their answer from what is known now, probes under way are abandoned.</summary>
    public void Stop()
    {
        lock (_stopping)
        {
            if (!_disposed)
                _stopping.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        lock (_stopping)
        {
            _disposed = true;
            _stopping.Dispose();
        }
    }

    /// <inheritdoc/>
    public bool IsWorthAnnouncing => _store.IsWorthAnnouncing;

    /// <inheritdoc/>
    public uint Announce(ReadOnlySpan<byte> recipient)
    {
        // Lower case is what the canonical form of nearly every address is; where it is not, nothing was gained.
        Span<byte> key = stackalloc byte[RecipientAddress.MaxBytes];
        return Ascii.ToLower(recipient, key, out int length) == OperationStatus.Done ? _store.Announce(key[..length]) : 0;
    }

    /// <inheritdoc/>
    public void Approach(uint announced) => _store.Approach(announced);

    /// <inheritdoc/>
    public ValueTask<VerificationResult> VerifyAsync(in RecipientQuery query) => Verify(query, recalled: !_store.HasMore);

    private ValueTask<VerificationResult> Verify(in RecipientQuery query, bool recalled, Route? byNextHop = null)
    {
        ReadOnlySpan<byte> recipient = query.Recipient.Span;
        Span<byte> buffer = stackalloc byte[RecipientAddress.MaxBytes];
        AddressProblem problem = RecipientAddress.TryCanonicalize(recipient, buffer, out int at, out int length);
        if (problem != AddressProblem.None)
            return new(Unaskable(recipient, problem));
        Route? route = _routes.Find(buffer[(at + 1)..length]) ?? byNextHop;
        // Of an address literal the next hop is the literal: its sender would choose whom we connect to.
        if (route is null && !query.NextHop.IsEmpty && _nextHops is not null && buffer[at + 1] != '[')
        {
            ValueTask<Route?> pending = _nextHops.FindAsync(query.NextHop, query.AnswerWithin);
            if (!pending.IsCompletedSuccessfully)
                return RouteThenVerifyAsync(pending, query, recalled);
            route = pending.Result;
        }

        if (route is null)
            return new(Unrouted);
        long now = Now();
        // A probe that comes back to us by way of the server it asks: asking again would go round in circles.
        if (route.Probe.ProbeSender.IsOurs(query.Sender.Span, now))
            return new(new VerificationResult(VerificationOutcome.Deliverable, VerdictSource.OwnProbe, route, null, null));
        ReadOnlySpan<byte> localPart = recipient[..at];
        localPart = localPart[..RecipientDelimiter.LengthWithoutExtension(localPart, route.RecipientDelimiter.Span)];
        if (IsAlwaysAccepted(route, buffer, ref at, ref length) || IsAlwaysAcceptedWithoutExtension(route, buffer, ref at, ref length))
            return new(new VerificationResult(VerificationOutcome.Deliverable, VerdictSource.AlwaysAccept, route, null, null));

        ReadOnlySpan<byte> key = buffer[..length];
        Verdict? known = Lookup(key, route);
        if (known is not null && !recalled && !_store.IsTrusted(known))
            return RecallThenVerifyAsync(known.Address, query, byNextHop);
        if (known is not null)
        {
            FreshnessDecision decision = Freshness.Evaluate(known, route.Times, now);
            if (decision.Action == FreshnessAction.Serve)
                return new(Counted(query.Client.Span, Said(known, VerdictSource.Cache, route)));
            if (decision.Action == FreshnessAction.ServeAndRefresh)
            {
                if (!IsPaused(known, route, now))
                    _ = ProbeOnceAsync(RecipientAddress.FromLocalPart(localPart, key, at), route, new ProbeTicket(ProbePriority.Background));
                return new(Said(known, VerdictSource.Cache, route));
            }

            // The last probe failed a moment ago; another one would only queue up behind the trouble.
            if (decision.Action == FreshnessAction.RefreshFirst && IsPaused(known, route, now))
            {
                return new(decision.Stands
                    ? Counted(query.Client.Span, Said(known, VerdictSource.Stale, route))
                    : Unanswered(route, known.Reply, "the last probe brought no answer"));
            }

            if (decision.Action == FreshnessAction.Gone)
                known = null;
        }

        if (known is null && !recalled)
            return RecallThenVerifyAsync(key.ToArray(), query, byNextHop);

        if (route.ClientLimit is { } limit && _clients.IsSpent(query.Client.Span, route.Name, limit))
        {
            return new(StandsNow(known, route)
                ? Counted(query.Client.Span, Said(known!, VerdictSource.Stale, route))
                : Unanswered(route, null, "the client was refused too many recipients", VerdictSource.ClientLimit));
        }

        return ProbeForCallerAsync(RecipientAddress.FromLocalPart(localPart, key, at), route, known, query);
    }

    private static VerificationResult Unrouted => new(VerificationOutcome.NoRoute, VerdictSource.Address, null, null, null);

    /// <summary>The next hop's name is being looked up: then the same question again.</summary>
    private async ValueTask<VerificationResult> RouteThenVerifyAsync(ValueTask<Route?> pending, RecipientQuery query, bool recalled)
    {
        long began = _time.GetTimestamp();
        Route? route = await pending;
        return route is null ? Unrouted : await Verify(query with { AnswerWithin = query.AnswerWithin - _time.GetElapsedTime(began) }, recalled, route);
    }

    /// <summary>What memory does not know may lie in a slower store, which brings it to memory: then the same question again.</summary>
    private async ValueTask<VerificationResult> RecallThenVerifyAsync(byte[] key, RecipientQuery query, Route? byNextHop)
    {
        long began = _time.GetTimestamp();
        await _store.RecallAsync(key);
        return await Verify(query with { AnswerWithin = query.AnswerWithin - _time.GetElapsedTime(began) }, recalled: true, byNextHop);
    }

    /// <summary>Whether a probe has to wait. A pause longer than any we make comes from a clock that was set back.</summary>
    private static bool IsPaused(Verdict known, Route route, long now)
    {
        long left = known.RetryAfter - now;
        return left > 0 && (left <= route.Times.UnknownExpire.TotalMilliseconds || left <= route.Times.DemotionInterval.TotalMilliseconds);
    }

    private static bool IsAlwaysAccepted(Route route, Span<byte> buffer, ref int at, ref int length)
    {
        if (!route.CaseSensitive)
        {
            length = RecipientAddress.FoldLocalPart(buffer, ref at, length);
            return route.AlwaysAccepts(buffer[..length], at);
        }

        // The list is matched in lower case even where the cache key keeps its case: nobody means Postmaster to be refused.
        Span<byte> folded = stackalloc byte[RecipientAddress.MaxBytes];
        buffer[..length].CopyTo(folded);
        int foldedAt = at;
        int foldedLength = RecipientAddress.FoldLocalPart(folded, ref foldedAt, length);
        return route.AlwaysAccepts(folded[..foldedLength], foldedAt);
    }

    /// <summary>From here on the extension is gone: the mailbox has one verdict, however many extensions its owner gives out.</summary>
    private static bool IsAlwaysAcceptedWithoutExtension(Route route, Span<byte> buffer, ref int at, ref int length)
    {
        int whole = length;
        length = RecipientAddress.RemoveExtension(buffer, ref at, length, route.RecipientDelimiter.Span);
        return length != whole && IsAlwaysAccepted(route, buffer, ref at, ref length);
    }

    private Verdict? Lookup(ReadOnlySpan<byte> key, Route route) =>
        _store.TryGet(key, out Verdict? verdict) && verdict!.Reply.StillCountsFor(route) ? verdict : null;

    /// <summary>An address that no probe can ask about: our business only if we have a route for its domain.</summary>
    private VerificationResult Unaskable(ReadOnlySpan<byte> recipient, AddressProblem problem)
    {
        Route? route = null;
        if (problem is AddressProblem.TooLong or AddressProblem.ForbiddenByte)
        {
            Span<byte> domain = stackalloc byte[DomainName.MaxBytes];
            if (DomainName.TryCanonicalize(recipient[(recipient.LastIndexOf((byte)'@') + 1)..], domain, out int length))
                route = _routes.Find(domain[..length]);
        }

        return route is null
            ? Unrouted
            : Unanswered(route, null, problem == AddressProblem.TooLong ? "the address is too long" : "the address has a byte that SMTP cannot carry", VerdictSource.Address);
    }

    private async ValueTask<VerificationResult> ProbeForCallerAsync(RecipientAddress address, Route route, Verdict? known, RecipientQuery query)
    {
        VerificationResult result = await AnswerByProbeAsync(address, route, known, query);
        return Counted(query.Client.Span, result);
    }

    /// <summary>A refusal on its way out, put down to the client's account.</summary>
    private VerificationResult Counted(ReadOnlySpan<byte> client, VerificationResult result)
    {
        if (result.Outcome != VerificationOutcome.Undeliverable
            || result.Route is not { ClientLimit: { } limit } route
            || !_clients.Charge(client, route.Name, limit))
        {
            return result;
        }

        if (_clientLines.MayPass(out long held))
        {
            Log.ClientLimited(_log, LogEscape.Text(Encoding.UTF8.GetString(client)), limit.Refused, route.Name);
            if (held > 0)
                Log.Repeated(_log, held, "clients refused too many recipients");
        }

        return result;
    }

    private async ValueTask<VerificationResult> AnswerByProbeAsync(RecipientAddress address, Route route, Verdict? known, RecipientQuery query)
    {
        Task<ProbeConclusion> probe = ProbeOnceAsync(address, route, new ProbeTicket(ProbePriority.Caller, ClientNetwork.Of(query.Client.Span)));
        TimeSpan answerWithin = TimeSpan.FromTicks(Math.Clamp(query.AnswerWithin.Ticks, 0, MaxWait.Ticks));
        // No exception for an every-day event: a tarpit makes each caller of a dictionary attack run out of time.
        await ((Task)probe.WaitAsync(answerWithin, _time, _stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!probe.IsCompletedSuccessfully)
        {
            string reason = probe.IsFaulted ? "internal error" : "no answer yet, the probe goes on";
            return StandsNow(known, route) ? Said(known!, VerdictSource.Stale, route) : Unanswered(route, null, reason);
        }

        ProbeConclusion conclusion = await probe;
        Verdict verdict = conclusion.Verdict;
        // A reload while the probe was under way: what another server said is no answer to this caller.
        if (!verdict.Reply.StillCountsFor(route))
            return Unanswered(route, null, "the route has changed since the probe began", VerdictSource.Probe);
        if (conclusion.Discounted && verdict.Status != VerdictStatus.Deliverable)
            return Unanswered(route, conclusion.Outcome?.Reply, Distrusted, VerdictSource.Probe);
        if (conclusion.Outcome is { Status: VerdictStatus.Unknown } failed)
            return StandsNow(verdict, route) ? Said(verdict, VerdictSource.Stale, route) : Unanswered(route, conclusion.Doubt is null ? failed.Reply : null, conclusion.Doubt, VerdictSource.Probe);
        return Said(verdict, VerdictSource.Probe, route);
    }

    /// <summary>Whether a verdict may still be said although the probe brought no answer.</summary>
    private bool StandsNow(Verdict? known, Route route)
    {
        if (known is null or { Status: VerdictStatus.Unknown })
            return false;
        FreshnessDecision decision = Freshness.Evaluate(known, route.Times, Now());
        return decision.Stands || decision.Action is FreshnessAction.Serve or FreshnessAction.ServeAndRefresh;
    }

    private Task<ProbeConclusion> ProbeOnceAsync(RecipientAddress address, Route route, ProbeTicket ticket) =>
        _inflight.GetOrStart(address.Key, ticket, () => ProbeAndRememberAsync(address, route, ticket));

    private async Task<ProbeConclusion> ProbeAndRememberAsync(RecipientAddress address, Route route, ProbeTicket ticket)
    {
        IProbeTurn? turn = null;
        ProbeConclusion? conclusion = null;
        try
        {
            turn = _shared is null ? null : await _shared.EnterAsync(address.Key, ticket.Priority, _stoppingToken);
            if (turn is { IsMine: false })
                return turn.Conclude(Lookup(address.Key, route), address, route, Now());
            Verdict? known = Lookup(address.Key, route);
            // Another probe of this address may have ended between the caller's look-up and ours.
            if (known is not null && Freshness.Evaluate(known, route.Times, Now()).Action == FreshnessAction.Serve && known.Refusals == 0)
                return conclusion = new(known, Outcome: null);

            long asked = Now();
            ProbeOutcome outcome = await _prober.ProbeAsync(address, route, ticket, _stoppingToken);
            CanaryWord canary = await _canaries.AskAsync(address, route, outcome, ticket.Priority);
            long now = Now();
            known = Lookup(address.Key, route);
            bool discounted = _trust.Discounts(route, known, outcome, now) || canary == CanaryWord.Refused;
            if (discounted || canary == CanaryWord.Unclear)
                outcome = outcome with { Status = VerdictStatus.Unknown, Scope = OutcomeScope.Backend };
            KnowledgeUpdate update = Knowledge.Apply(known, address, outcome, route.Times, now);
            if (update.Changed)
            {
                update.Verdict.Asked = asked;
                _store.Put(update.Verdict);
            }

            if (update.RecheckAfter is TimeSpan delay)
            {
                Log.KnownGoodRefused(_log, LogEscape.Text(address.ToString()), delay, outcome.Reply.Server, LogEscape.Text(outcome.Reply.Text));
                _rechecks.Schedule(address, route, delay);
            }

            if (ticket.Priority == ProbePriority.Background)
                LogRefreshed(address, outcome);
            return conclusion = new(update.Verdict, outcome, discounted, canary == CanaryWord.Unclear ? "the server was not seen to accept its canary" : null);
        }
        catch (Exception e)
        {
            Log.ProbeDefect(_log, LogEscape.Text(address.ToString()), e);
            throw;
        }
        finally
        {
            turn?.Leave(conclusion);
        }
    }

    /// <summary>Probes a known good that was refused; true while one refusal still stands against it.</summary>
    private async Task<bool> RecheckAsync(RecipientAddress address, Route then)
    {
        if ((_routes.Find(address.Domain.Span) ?? (then.IsByNextHop ? then : null)) is not { } route)
            return false;
        await ((Task)ProbeOnceAsync(address, route, new ProbeTicket(ProbePriority.Background))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Lookup(address.Key, route) is { Status: VerdictStatus.Deliverable, Refusals: > 0 } doubted
            && Freshness.Evaluate(doubted, route.Times, Now()).Action != FreshnessAction.Gone;
    }

    private VerificationResult Said(Verdict verdict, VerdictSource source, Route route) => verdict.Status switch
    {
        VerdictStatus.Undeliverable when _trust.HasDistrusted && _trust.Taints(verdict, route, Now()) => Unanswered(route, verdict.Reply, Distrusted, source),
        VerdictStatus.Deliverable => new(VerificationOutcome.Deliverable, source, route, verdict.Reply, null),
        VerdictStatus.Undeliverable => new(VerificationOutcome.Undeliverable, source, route, verdict.Reply, null),
        _ => Unanswered(route, verdict.Reply, null, source),
    };

    private static VerificationResult Unanswered(Route route, ProbeReply? reply, string? reason, VerdictSource source = VerdictSource.Cache) =>
        new(VerificationOutcome.Unknown, source, route, reply, reason);

    private void LogRefreshed(RecipientAddress address, ProbeOutcome outcome)
    {
        if (_log.IsEnabled(LogLevel.Information))
        {
            Log.Refreshed(
                _log,
                LogEscape.Text(address.ToString()),
                VerdictNames.Of(outcome.Status),
                VerdictNames.Of(outcome.Reply.Stage),
                outcome.Reply.Server,
                LogEscape.Text(outcome.Reply.Text));
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
