using System.Collections.Concurrent;

namespace RcptVerify.Verification;

/// <summary>What the canary says of a refusal.</summary>
internal enum CanaryWord : byte
{
    /// <summary>The server knows its canary, or there is none to ask about: the refusal counts.</summary>
    Fine,

    /// <summary>Nobody can say now whether the server knows its canary: the refusal is in doubt.</summary>
    Unclear,

    /// <summary>The server refuses its canary: its refusals mean nothing.</summary>
    Refused,
}

/// <summary>
/// Lets no "no such user" pass unless the same server, at the same target, has accepted the route's canary within
/// <see cref="Interval"/>. The canary is asked about when a refusal needs it, at most once per interval, server and
/// target, whatever the answer; who comes meanwhile waits for the same probe.
/// <para>
/// A server that refuses its canary is told to <see cref="RouteTrust"/>, and so is one that accepts it, unless another
/// server of the route refuses it still. Limits: <see cref="MaxServers"/> places, past which all are asked anew.
/// </para>
/// <para>
/// Known weakness: the canary's word is as old as the interval; a directory that goes away is noticed by the next refusal
/// after that, and what was refused meanwhile is not repeated (<see cref="RouteTrust.Taints"/>).
/// </para>
/// </summary>
/// <param name="prober">Who asks.</param>
/// <param name="trust">Who is told.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">The process is stopping.</param>
internal sealed class CanaryGuard(IRecipientProber prober, RouteTrust trust, TimeProvider time, CancellationToken stopping)
{
    /// <summary>How long an answer about the canary counts: 60 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    /// <summary>Servers and targets remembered: 10 000.</summary>
    public const int MaxServers = 10_000;

    private readonly ConcurrentDictionary<Place, Check> _checks = new();

    /// <summary>What a probe's outcome is worth.</summary>
    /// <param name="address">The recipient probed.</param>
    /// <param name="route">Its route.</param>
    /// <param name="outcome">What was found. Anything but a refusal is fine.</param>
    /// <param name="priority">Who waits.</param>
    public ValueTask<CanaryWord> AskAsync(RecipientAddress address, Route route, ProbeOutcome outcome, ProbePriority priority)
    {
        if (outcome.Status != VerdictStatus.Undeliverable || route.Canary.Length == 0)
            return new(CanaryWord.Fine);
        if (RecipientAddress.Parse(route.Canary, route.CaseSensitive, out _) is not RecipientAddress canary)
            return new(CanaryWord.Unclear);
        Place place = new(route.Name, route.Canary, outcome.Reply.Server, outcome.Reply.Target);
        bool isCanary = address.Key.AsSpan().SequenceEqual(canary.Key);
        if (!_checks.TryGetValue(place, out Check? check))
        {
            if (_checks.Count >= MaxServers)
                _checks.Clear();
            check = _checks.GetOrAdd(place, static _ => new());
        }

        lock (check)
        {
            // A mail for the canary itself brings its own news.
            if (isCanary)
                check.Begin(time.GetTimestamp(), Task.FromResult(Judge(check, route, outcome)));
            else if (check.Word is null || time.GetElapsedTime(check.BegunAt) >= Interval)
                check.Begin(time.GetTimestamp(), ProbeAsync(check, canary, route, outcome.Reply, priority));
            return new(check.Word!);
        }
    }

    private async Task<CanaryWord> ProbeAsync(Check check, RecipientAddress canary, Route route, ProbeReply refusal, ProbePriority priority)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // whoever began it holds the lock
        ProbeOutcome outcome = await prober.ProbeAsync(canary, OnlyTo(refusal, route), new ProbeTicket(priority), stopping);
        lock (check)
            return Judge(check, route, outcome);
    }

    private CanaryWord Judge(Check check, Route route, ProbeOutcome outcome)
    {
        check.IsRefused = outcome.Status == VerdictStatus.Undeliverable;
        if (outcome.Status == VerdictStatus.Unknown || outcome.Reply.AcceptAll)
            return CanaryWord.Unclear;
        if (check.IsRefused || !IsRefusedElsewhere(route))
            trust.ObserveCanary(route, outcome, time.GetUtcNow().ToUnixTimeMilliseconds());
        return check.IsRefused ? CanaryWord.Refused : CanaryWord.Fine;
    }

    private bool IsRefusedElsewhere(Route route) => _checks.Any(check =>
        check.Key.Route == route.Name && check.Key.Canary == route.Canary && check.Value.IsRefused
        && time.GetElapsedTime(check.Value.BegunAt) < RefusalGuard.DistrustTime);

    /// <summary>The route, but the one server that refused, at the target where it did.</summary>
    private static Route OnlyTo(ProbeReply refusal, Route route) => new(
        route.Domains, [route.Servers.FirstOrDefault(server => server.Name == refusal.Server) ?? ServerEndpoint.Parse(refusal.Server)], [])
    {
        Target = refusal.Target,
        EodSecret = route.EodSecret,
        CaseSensitive = route.CaseSensitive,
        ReplyRules = route.ReplyRules,
        Probe = route.Probe,
    };

    private readonly record struct Place(string Route, string Canary, string Server, ProbeTarget Target);

    /// <summary>Locked by whoever writes.</summary>
    private sealed class Check
    {
        private long _begunAt;
        private volatile bool _isRefused;

        public Task<CanaryWord>? Word { get; private set; }

        public long BegunAt => Volatile.Read(ref _begunAt);

        public bool IsRefused
        {
            get => _isRefused;
            set => _isRefused = value;
        }

        public void Begin(long now, Task<CanaryWord> word)
        {
            Volatile.Write(ref _begunAt, now);
            Word = word;
        }
    }
}
