using System.Text;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

/// <summary>Recipients of domains without a route, whose next hop may choose the server.</summary>
public sealed class RecipientVerifierNextHopTests : IDisposable
{
    private const string Recipient = "user@elsewhere.example";
    private const string Hop = "[10.0.0.1]:25";
    private const string OtherHop = "[10.0.0.2]:25";

    private readonly ScriptedHops _hops = new();
    private readonly Bench _bench;

    public RecipientVerifierNextHopTests() => _bench = new(_hops);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_next_hop_is_asked_and_its_verdict_remembered_as_its_own()
    {
        Task<VerificationResult> answer = AskAsync(Recipient, Hop);
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Assert.Same(_hops.Route(Hop), probe.Route);
        probe.Answer(NoSuchUser(Hop));

        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Probe), Brief(await answer.Soon()));
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Cache), Brief(await AskAsync(Recipient, Hop).Soon()));
        Verdict kept = await _bench.Store.NextPutAsync();
        Assert.Equal((Hop, "10.0.0.1[10.0.0.1]:25"), (kept.Reply.RouteName, kept.Reply.Server));
    }

    [Fact]
    public async Task What_one_next_hop_said_does_not_count_at_another_nor_without_one()
    {
        Task<VerificationResult> answer = AskAsync(Recipient, Hop);
        (await _bench.Prober.NextAsync()).Answer(NoSuchUser(Hop));
        await answer.Soon();

        Assert.Equal((VerificationOutcome.NoRoute, VerdictSource.Address), Brief(await AskAsync(Recipient, "").Soon()));
        answer = AskAsync(Recipient, OtherHop);
        Assert.False(answer.IsCompleted);
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Assert.Same(_hops.Route(OtherHop), probe.Route);
        probe.Answer(Said.TryLater with { Reply = Reply(OtherHop, 452, "4.3.1", "later") });
        Assert.Equal(VerificationOutcome.Unknown, (await answer.Soon()).Outcome);
    }

    [Fact]
    public async Task A_server_of_the_same_next_hop_that_moved_elsewhere_is_another_one()
    {
        Task<VerificationResult> answer = AskAsync(Recipient, Hop);
        (await _bench.Prober.NextAsync()).Answer(NoSuchUser(Hop));
        await answer.Soon();

        _hops.Move(Hop, "10.0.0.9");

        Assert.False(AskAsync(Recipient, Hop).IsCompleted);
    }

    [Fact]
    public async Task A_probe_of_one_next_hop_under_way_is_no_answer_to_a_caller_with_another()
    {
        Task<VerificationResult> one = AskAsync(Recipient, Hop);
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Task<VerificationResult> other = AskAsync(Recipient, OtherHop);

        probe.Answer(NoSuchUser(Hop));

        Assert.Equal(VerificationOutcome.Undeliverable, (await one.Soon()).Outcome);
        Assert.Equal(VerificationOutcome.Unknown, (await other.Soon()).Outcome);
    }

    [Fact]
    public async Task A_route_of_the_domain_comes_first()
    {
        Task<VerificationResult> answer = AskAsync("user@example.com", Hop);
        ScriptedProbe probe = await _bench.Prober.NextAsync();
        Assert.Same(_bench.Route, probe.Route);
        probe.Answer(Said.Ok);
        Assert.Equal(VerificationOutcome.Deliverable, (await answer.Soon()).Outcome);
        Assert.Empty(_hops.Asked);
    }

    [Theory]
    [InlineData(Recipient, "[192.0.2.1]:25")] // not allowed
    [InlineData(Recipient, "nonsense")]
    [InlineData("user@[10.0.0.1]", Hop)] // its sender chose the next hop
    public async Task Without_a_next_hop_that_may_be_asked_there_is_no_route(string recipient, string nextHop)
    {
        Assert.Equal((VerificationOutcome.NoRoute, VerdictSource.Address), Brief(await AskAsync(recipient, nextHop).Soon()));
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_lookup_that_takes_time_comes_off_the_callers_time()
    {
        TaskCompletionSource<Route?> lookup = _hops.Hold(Hop);
        Task<VerificationResult> answer = AskAsync(Recipient, Hop);
        _bench.Time.Advance(Bench.Budget);
        Assert.False(answer.IsCompleted);

        lookup.SetResult(_hops.Route(Hop)); // no time is left for the probe, which begins all the same

        await _bench.Prober.NextAsync();
        Assert.Equal((VerificationOutcome.Unknown, "no answer yet, the probe goes on"), ((await answer.Soon()).Outcome, (await answer).Reason));
    }

    [Fact]
    public async Task A_known_good_that_is_refused_is_asked_about_again_at_the_same_next_hop()
    {
        Task<VerificationResult> answer = AskAsync(Recipient, Hop);
        (await _bench.Prober.NextAsync()).Answer(Said.Ok with { Reply = Reply(Hop, 250, "2.1.5", "OK") });
        await answer.Soon();
        _bench.Time.Advance(TimeSpan.FromDays(8)); // past its refresh time
        Assert.Equal(VerificationOutcome.Deliverable, (await AskAsync(Recipient, Hop).Soon()).Outcome);
        (await _bench.Prober.NextAsync()).Answer(NoSuchUser(Hop));
        Patience.Until(() => _bench.Log.Lines.Any(line => line.Id == EventIds.Refreshed)); // by then the recheck is scheduled

        _bench.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Same(_hops.Route(Hop), (await _bench.Prober.NextAsync()).Route);
    }

    private static ProbeOutcome NoSuchUser(string hop) => Said.NoSuchUser with { Reply = Reply(hop, 550, "5.1.1", "User unknown") };

    private static ProbeReply Reply(string hop, int code, string enhanced, string text) =>
        Said.Reply(code, enhanced, text, ScriptedHops.ServerOf(hop).Name, route: hop);

    private static (VerificationOutcome Outcome, VerdictSource Source) Brief(VerificationResult result) => (result.Outcome, result.Source);

    private Task<VerificationResult> AskAsync(string recipient, string nextHop) => _bench.Verifier.VerifyAsync(
        new RecipientQuery(Encoding.UTF8.GetBytes(recipient), default, Bench.Budget, default, Encoding.UTF8.GetBytes(nextHop))).AsTask();

    /// <summary>Allows the hosts of 10.0.0.0/24.</summary>
    private sealed class ScriptedHops : INextHops
    {
        private readonly Dictionary<string, Route> _routes = [];
        private readonly Dictionary<string, TaskCompletionSource<Route?>> _held = [];

        public List<string> Asked { get; } = [];

        public static ServerEndpoint ServerOf(string hop) => ServerAt(hop[1..hop.IndexOf(']', StringComparison.Ordinal)]);

        public Route Route(string hop) =>
            _routes.TryGetValue(hop, out Route? route) ? route : _routes[hop] = RouteTo(hop, ServerOf(hop));

        public void Move(string hop, string address) => _routes[hop] = RouteTo(hop, ServerAt(address));

        public TaskCompletionSource<Route?> Hold(string hop) => _held[hop] = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<Route?> FindAsync(ReadOnlyMemory<byte> nextHop, TimeSpan patience)
        {
            string hop = Encoding.UTF8.GetString(nextHop.Span);
            Asked.Add(hop);
            if (_held.Remove(hop, out TaskCompletionSource<Route?>? held))
                return new(held.Task);
            return hop.StartsWith("[10.0.0.", StringComparison.Ordinal) ? new(Route(hop)) : default;
        }

        private static ServerEndpoint ServerAt(string address) => new(address, 25, address);

        private static Route RouteTo(string hop, ServerEndpoint server) => new([hop], [server], [])
        {
            IsByNextHop = true,
            Probe = new ProbeSettings { Helo = "mx1.example.com", Sender = "" },
        };
    }
}
