namespace RcptVerify.Probing;

/// <summary>
/// Remembers what DNS says of domains, for as long as it says so (<see cref="MxLimits"/>), and asks once for all who wait.
/// While DNS fails, its last answer goes on counting for a day: mail servers move more seldom than DNS breaks.
/// <para>Bounded: past <see cref="MxLimits.MaxDomains"/> the tenth part that ends first is forgotten.</para>
/// </summary>
internal sealed class MxCache(IMxDns dns, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _known = [];
    private readonly Dictionary<string, Task<MxAnswer>> _running = [];

    /// <summary>Domains remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>What DNS says; trouble where it says nothing in time.</summary>
    /// <param name="domain">Canonical domain.</param>
    /// <param name="patience">How long this caller waits; the lookup goes on for those after.</param>
    public async ValueTask<MxAnswer> FindAsync(string domain, TimeSpan patience)
    {
        Task<MxAnswer>? lookup;
        lock (_lock)
        {
            if (_known.TryGetValue(domain, out Entry? entry) && time.GetElapsedTime(entry.At) < entry.Life)
                return entry.Answer;
            if (!_running.TryGetValue(domain, out lookup))
            {
                if (_running.Count >= MxLimits.MaxLookups)
                    return MxAnswer.None(MxResult.Trouble, "too many DNS lookups under way");
                lookup = Task.Run(() => LookUpAsync(domain));
                _running.Add(domain, lookup);
            }
        }

        await ((Task)lookup.WaitAsync(patience, time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return lookup.IsCompletedSuccessfully ? await lookup : MxAnswer.None(MxResult.Trouble, "no answer from DNS in time");
    }

    private async Task<MxAnswer> LookUpAsync(string domain)
    {
        MxAnswer answer = MxAnswer.None(MxResult.Trouble, "no answer from DNS in time");
        try
        {
            using CancellationTokenSource cancel = new(MxLimits.LookupTime, time);
            answer = await MxLookup.RunAsync(dns, domain, cancel.Token);
        }
        finally
        {
            lock (_lock)
            {
                answer = Remember(domain, answer);
                _running.Remove(domain);
            }
        }

        return answer;
    }

    private MxAnswer Remember(string domain, MxAnswer answer)
    {
        long now = time.GetTimestamp();
        if (answer.Result == MxResult.Trouble
            && _known.TryGetValue(domain, out Entry? old) && old.Answer.Result == MxResult.Found
            && time.GetElapsedTime(old.Found) < old.Answer.Life + MxLimits.StaleTime)
        {
            _known[domain] = old with { At = now, Life = MxLimits.TroubleLife };
            return old.Answer;
        }

        if (_known.Count >= MxLimits.MaxDomains && !_known.ContainsKey(domain))
        {
            foreach (string tired in _known.OrderBy(e => e.Value.Life - time.GetElapsedTime(e.Value.At)).Take(MxLimits.MaxDomains / 10).Select(e => e.Key).ToList())
                _known.Remove(tired);
        }

        _known[domain] = new(answer, now, now, answer.Life);
        return answer;
    }

    /// <summary>What is known of a domain.</summary>
    /// <param name="Answer">What DNS said.</param>
    /// <param name="Found">When it said so.</param>
    /// <param name="At">When it was last asked.</param>
    /// <param name="Life">For how long from then it need not be asked.</param>
    private sealed record Entry(MxAnswer Answer, long Found, long At, TimeSpan Life);
}
