using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace RcptVerify.Verification;

/// <summary>
/// Answers whether a recipient exists: from the cache where it can, by one probe where it must.
/// <para>
/// Order of things: canonical address, route (of the domain, else of the next hop), own probes, <c>always_accept</c>
/// (<see cref="MailboxKey"/>), cache, <see cref="Freshness"/>, the client's budget (<see cref="ClientAccounts"/>), probe
/// (<see cref="RecipientProbes"/>); <see cref="CallerAnswers"/> says what the caller is told. A cache hit completes synchronously, takes no
/// lock and allocates nothing; a refusal of a route with a client limit does a little of both.
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

    private readonly IVerdictStore _store;
    private readonly INextHops? _nextHops;
    private readonly TimeProvider _time;
    private readonly ClientAccounts _clients;
    private readonly CallerAnswers _answers;
    private readonly RecipientProbes _probes;
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
        _nextHops = nextHops;
        _routes = routes;
        _store = store;
        _time = time;
        _stoppingToken = _stopping.Token;
        RouteTrust trust = new(prober, log);
        _clients = new ClientAccounts(time, log);
        _answers = new CallerAnswers(trust, time);
        _probes = new RecipientProbes(() => _routes, store, prober, shared, trust, time, log, _stoppingToken);
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
            return new(CallerAnswers.Unrouted);
        long now = Now();
        // A probe that comes back to us by way of the server it asks: asking again would go round in circles.
        if (route.Probe.ProbeSender.IsOurs(query.Sender.Span, now))
            return new(new VerificationResult(VerificationOutcome.Deliverable, VerdictSource.OwnProbe, route, null, null));
        ReadOnlySpan<byte> localPart = recipient[..at];
        localPart = localPart[..RecipientDelimiter.LengthWithoutExtension(localPart, route.RecipientDelimiter.Span)];
        if (!MailboxKey.TryMake(route, buffer, ref at, ref length))
            return new(new VerificationResult(VerificationOutcome.Deliverable, VerdictSource.AlwaysAccept, route, null, null));

        ReadOnlySpan<byte> key = buffer[..length];
        Verdict? known = _store.KnownFor(key, route);
        if (known is not null && !recalled && !_store.IsTrusted(known))
            return RecallThenVerifyAsync(known.Address, query, byNextHop);
        if (known is not null)
        {
            FreshnessDecision decision = Freshness.Evaluate(known, route.Times, now);
            if (decision.Action == FreshnessAction.Serve && !_probes.Recoveries.Outdates(known, route))
                return new(_clients.Counted(query.Client.Span, _answers.Said(known, VerdictSource.Cache, route)));
            if (decision.Action == FreshnessAction.ServeAndRefresh)
            {
                if (!Freshness.IsPaused(known, route.Times, now))
                    _ = _probes.ProbeAsync(RecipientAddress.FromLocalPart(localPart, key, at), route, new ProbeTicket(ProbePriority.Background));
                return new(_answers.Said(known, VerdictSource.Cache, route));
            }

            // The last probe failed a moment ago; another one would only queue up behind the trouble.
            if (decision.Action == FreshnessAction.RefreshFirst && Freshness.IsPaused(known, route.Times, now) && !_probes.Recoveries.EndsPause(known, route))
            {
                return new(decision.Stands
                    ? _clients.Counted(query.Client.Span, _answers.Said(known, VerdictSource.Stale, route))
                    : CallerAnswers.Unanswered(route, known.Reply, "the last probe brought no answer"));
            }

            if (decision.Action == FreshnessAction.Gone)
                known = null;
        }

        if (known is null && !recalled)
            return RecallThenVerifyAsync(key.ToArray(), query, byNextHop);

        if (_clients.IsSpent(query.Client.Span, route))
        {
            VerificationResult stale = _answers.Stale(known, route, null, "the client was refused too many recipients", VerdictSource.ClientLimit);
            return new(_clients.Counted(query.Client.Span, stale));
        }

        return ProbeForCallerAsync(RecipientAddress.FromLocalPart(localPart, key, at), route, known, query);
    }

    /// <summary>The next hop's name is being looked up: then the same question again.</summary>
    private async ValueTask<VerificationResult> RouteThenVerifyAsync(ValueTask<Route?> pending, RecipientQuery query, bool recalled)
    {
        long began = _time.GetTimestamp();
        Route? route = await pending;
        return route is null ? CallerAnswers.Unrouted : await Verify(query with { AnswerWithin = query.AnswerWithin - _time.GetElapsedTime(began) }, recalled, route);
    }

    /// <summary>What memory does not know may lie in a slower store, which brings it to memory: then the same question again.</summary>
    private async ValueTask<VerificationResult> RecallThenVerifyAsync(byte[] key, RecipientQuery query, Route? byNextHop)
    {
        long began = _time.GetTimestamp();
        await _store.RecallAsync(key);
        return await Verify(query with { AnswerWithin = query.AnswerWithin - _time.GetElapsedTime(began) }, recalled: true, byNextHop);
    }

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
            ? CallerAnswers.Unrouted
            : CallerAnswers.Unanswered(route, null, problem == AddressProblem.TooLong ? "the address is too long" : "the address has a byte that SMTP cannot carry", VerdictSource.Address);
    }

    private async ValueTask<VerificationResult> ProbeForCallerAsync(RecipientAddress address, Route route, Verdict? known, RecipientQuery query)
    {
        Task<ProbeConclusion> probe = _probes.ProbeAsync(address, route, new ProbeTicket(ProbePriority.Caller, ClientNetwork.Of(query.Client.Span)));
        TimeSpan answerWithin = TimeSpan.FromTicks(Math.Clamp(query.AnswerWithin.Ticks, 0, MaxWait.Ticks));
        // No exception for an every-day event: a tarpit makes each caller of a dictionary attack run out of time.
        await ((Task)probe.WaitAsync(answerWithin, _time, _stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        VerificationResult result = probe.IsCompletedSuccessfully
            ? _answers.Of(await probe, route)
            : _answers.Stale(known, route, null, probe.IsFaulted ? "internal error" : "no answer yet, the probe goes on");
        return _clients.Counted(query.Client.Span, result);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
