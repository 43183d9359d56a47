using System.Collections.Concurrent;
using System.Net;

namespace RcptVerify.Simulation.Behaviours;

/// <summary>Servers that mean well but are slow, full or busy. Each is an Exchange 2010 (refusal at RCPT) but for its trouble.</summary>
internal static class TroubledBehaviours
{
    public static readonly IReadOnlyList<SimulationBehaviour> All =
    [
        new("tempfail", "451 4.7.0 at RCPT for everybody", c => new TempfailScript(c)),
        new("tarpit", "as exchange2010, each refusal 5 s late", c => new TarpitScript(c)),
        new("throttled", "421 4.3.2 past 20 connections of one source", c => new ThrottledScript(c)),
        new("protocol-errors", "the fifth 5xx of a connection becomes 421 4.7.0 and ends it", c => new ProtocolErrorsScript(c)),
        new("back-pressure", "452 4.3.1 at MAIL", c => new BackPressureScript(c)),
        new("greylist", "451 4.7.1 at the first RCPT for each address", c => new GreylistScript(c)),
    ];

    private abstract class TroubledScript(SimulationContext context) : ExchangeScript(context, ExchangeEdition.Exchange2010);

    private sealed class TempfailScript(SimulationContext context) : TroubledScript(context)
    {
        protected override Reply Rcpt(SimulatedSession session) => Replies.TemporaryServerError;
    }

    private sealed class TarpitScript(SimulationContext context) : TroubledScript(context)
    {
        protected override TimeSpan DefaultTarpit => TimeSpan.FromSeconds(5);
    }

    /// <summary>
    /// MaxProtocolErrors 5 (Set-ReceiveConnector). Microsoft does not say whether a refused recipient counts: here it does, the worse case.
    /// </summary>
    private sealed class ProtocolErrorsScript(SimulationContext context) : TroubledScript(context)
    {
        public override int MaxProtocolErrors => 5;
    }

    private sealed class BackPressureScript(SimulationContext context) : TroubledScript(context)
    {
        protected override Reply Mail(SimulatedSession session) => Replies.InsufficientResources;
    }

    private sealed class GreylistScript(SimulationContext context) : TroubledScript(context)
    {
        private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.OrdinalIgnoreCase);

        protected override Reply Rcpt(SimulatedSession session) =>
            _seen.TryAdd(session.Candidate, true) ? Replies.Greylisted : base.Rcpt(session);
    }

    /// <summary>Counts the connections it let in, per address; those it turned away do not count.</summary>
    private sealed class ThrottledScript(SimulationContext context) : TroubledScript(context)
    {
        private readonly Dictionary<IPAddress, HashSet<SimulatedSession>> _admitted = [];

        protected override Reply Greeting(SimulatedSession session)
        {
            lock (_admitted)
            {
                if (!_admitted.TryGetValue(session.Peer, out HashSet<SimulatedSession>? sessions))
                    _admitted[session.Peer] = sessions = [];
                if (sessions.Count >= Context.Options.MaxConnectionsPerSource)
                    return Replies.TooManyConnections;
                sessions.Add(session);
            }

            return base.Greeting(session);
        }

        public override void Closed(SimulatedSession session)
        {
            lock (_admitted)
                _admitted[session.Peer].Remove(session);
        }
    }
}
