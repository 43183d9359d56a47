using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Verification.VerificationOutcome;

namespace RcptVerify.Tests.Verification;

/// <summary>A store whose verdicts do not all lie in memory is asked before the server is.</summary>
public sealed class RecipientVerifierRecallTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Bench _bench = new();
    private readonly SlowStore _store;
    private readonly RecipientVerifier _verifier;

    public RecipientVerifierRecallTests()
    {
        _store = new SlowStore(_bench.Store);
        _verifier = new RecipientVerifier(new RouteTable([_bench.Route]), _store, _bench.Prober, _bench.Time, _bench.Log);
    }

    public void Dispose()
    {
        _verifier.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task What_is_recalled_is_served_from_the_cache_without_a_probe()
    {
        Task<VerificationResult> answer = Ask("user@example.com");
        Assert.False(answer.IsCompleted);
        _bench.Remember("user@example.com", VerdictStatus.Deliverable, Hour);
        _store.Answer();
        VerificationResult result = await answer.Soon();
        Assert.Equal((Deliverable, VerdictSource.Cache), (result.Outcome, result.Source));
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public async Task A_known_good_refused_once_before_a_restart_is_asked_about_a_second_time()
    {
        Task<VerificationResult> answer = Ask("user@example.com");
        long hourAgo = _bench.Now - (long)Hour.TotalMilliseconds;
        _bench.Store.Remember(new Verdict(
            "user@example.com"u8.ToArray(), VerdictStatus.Deliverable, hourAgo, _bench.Now * 2, Said.Ok.Reply, refusals: 1, refusedSince: hourAgo));
        _store.Answer();
        Assert.Equal(Deliverable, (await answer.Soon()).Outcome);
        (await _bench.Prober.NextAsync()).Answer(Said.NoSuchUser);
        Assert.Equal(VerdictStatus.Undeliverable, (await _bench.Store.NextPutAsync()).Status);
    }

    [Fact]
    public async Task What_is_not_found_is_probed_once_however_many_ask()
    {
        Task<VerificationResult>[] answers = [.. Enumerable.Range(0, 50).Select(_ => Ask("user@example.com"))];
        _store.Answer();
        (await _bench.Prober.NextAsync()).Answer(Said.Ok);
        Assert.All(await Task.WhenAll(answers).Soon(), result => Assert.Equal(Deliverable, result.Outcome));
        Assert.Equal(1, _bench.Prober.Count);
    }

    [Fact]
    public async Task What_memory_knows_and_may_serve_is_not_looked_for()
    {
        _bench.Remember("user@example.com", VerdictStatus.Deliverable, Hour);
        Task<VerificationResult> answer = Ask("user@example.com");
        Assert.True(answer.IsCompletedSuccessfully);
        Assert.Equal(Deliverable, (await answer).Outcome);
        Assert.Equal(0, _store.Recalls);
    }

    [Fact]
    public async Task What_memory_had_and_is_gone_is_looked_for()
    {
        _bench.Remember("user@example.com", VerdictStatus.Unknown, Hour);
        Task<VerificationResult> answer = Ask("user@example.com");
        _bench.Remember("user@example.com", VerdictStatus.Deliverable, Hour);
        _store.Answer();
        Assert.Equal(Deliverable, (await answer.Soon()).Outcome);
        Assert.Equal(0, _bench.Prober.Count);
    }

    [Fact]
    public async Task What_comes_from_another_server_does_not_count()
    {
        Task<VerificationResult> answer = Ask("user@example.com");
        _bench.Remember("user@example.com", VerdictStatus.Undeliverable, TimeSpan.FromSeconds(1), Said.Reply(550, "5.1.1", "User unknown", server: "old.corp.example:25"));
        _store.Answer();
        (await _bench.Prober.NextAsync()).Answer(Said.Ok);
        Assert.Equal(Deliverable, (await answer.Soon()).Outcome);
    }

    [Fact]
    public async Task The_time_it_takes_is_the_callers()
    {
        Task<VerificationResult> answer = Ask("user@example.com");
        _bench.Time.Advance(Bench.Budget - TimeSpan.FromSeconds(1));
        _store.Answer();
        await _bench.Prober.NextAsync();
        Assert.False(answer.IsCompleted);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(VerificationOutcome.Unknown, (await answer.Soon()).Outcome);
    }

    private Task<VerificationResult> Ask(string recipient) =>
        _verifier.VerifyAsync(new RecipientQuery(System.Text.Encoding.UTF8.GetBytes(recipient), default, Bench.Budget)).AsTask();

    /// <summary>A store that recalls when the test says so, whatever it has been given by then.</summary>
    private sealed class SlowStore(ScriptedStore inner) : IVerdictStore
    {
        private readonly TaskCompletionSource _answer = new();
        private int _recalls;

        public int Recalls => _recalls;

        public bool HasMore => true;

        public void Answer() => _answer.SetResult();

        public bool TryGet(ReadOnlySpan<byte> address, out Verdict? verdict) => inner.TryGet(address, out verdict);

        public void Put(Verdict verdict) => inner.Put(verdict);

        public ValueTask RecallAsync(byte[] address)
        {
            Interlocked.Increment(ref _recalls);
            return new(_answer.Task);
        }
    }
}
