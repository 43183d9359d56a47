using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;
using static RcptVerify.Verification.VerificationOutcome;

namespace RcptVerify.Tests.Caching;

/// <summary>The host's clock is set while the daemon runs: memory, the watch and the verifier are the daemon's own, the server is scripted.</summary>
public sealed class ClockWatchTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly SetClock _time = new();
    private readonly ScriptedProber _prober = new();
    private readonly MemoryVerdictStore _memory;
    private readonly ClockWatch _watch;
    private readonly RecipientVerifier _verifier;

    public ClockWatchTests()
    {
        _memory = new MemoryVerdictStore(1000, _time);
        _watch = new ClockWatch(_memory, _time);
        _verifier = new RecipientVerifier(new RouteTable([TestRoute.Create()]), _memory, _prober, _time, new ListLogger<RecipientVerifier>());
    }

    public void Dispose()
    {
        _watch.Dispose();
        _verifier.Dispose();
    }

    [Theory]
    [InlineData(true)] // at once: no time to look yet
    [InlineData(false)] // when the clock has come to its date again
    public async Task A_refusal_from_before_a_clock_was_set_back_a_day_is_asked_about_before_it_is_repeated(bool atOnce)
    {
        await LearnAsync("nobody@example.com", Said.NoSuchUser);
        _time.Offset = -Day;
        if (!atOnce)
        {
            _time.Advance(ClockWatch.Interval);
            _time.Advance(Day);
        }

        Task<VerificationResult> answer = Ask("nobody@example.com");
        (await _prober.NextAsync()).Answer(Said.Ok); // the mailbox was created meanwhile
        VerificationResult result = await answer.Soon();
        Assert.Equal((Deliverable, VerdictSource.Probe), (result.Outcome, result.Source));
    }

    [Fact]
    public async Task A_refusal_dated_ahead_does_not_stand_where_the_probe_brings_no_answer()
    {
        await LearnAsync("nobody@example.com", Said.NoSuchUser);
        _time.Offset = -Day;
        Task<VerificationResult> answer = Ask("nobody@example.com");
        (await _prober.NextAsync()).Answer(Said.ConnectionRefused);
        Assert.Equal(Unknown, (await answer.Soon()).Outcome);
    }

    [Fact]
    public async Task A_known_good_dated_ahead_is_accepted_at_once_and_asked_about_behind_the_answer()
    {
        await LearnAsync("user@example.com", Said.Ok);
        _time.Offset = -Day;
        _time.Advance(ClockWatch.Interval);
        Task<VerificationResult> answer = Ask("user@example.com");
        Assert.True(answer.IsCompletedSuccessfully);
        Assert.Equal((Deliverable, VerdictSource.Cache), ((await answer).Outcome, (await answer).Source));
        (await _prober.NextAsync()).Answer(Said.Ok);
        Patience.Until(() => _memory.TryGet(Key("user@example.com"), out Verdict? verdict) && verdict!.Updated == _time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1.0 / 24 / 60)] // a minute: as much as clocks may differ
    public async Task A_clock_that_was_not_set_back_costs_nothing(double days)
    {
        await LearnAsync("nobody@example.com", Said.NoSuchUser);
        _time.Offset = days * Day;
        _time.Advance(2 * ClockWatch.Interval);
        Assert.Equal(1, _memory.Count);
    }

    [Fact]
    public async Task A_clock_that_was_a_day_ahead_for_a_while_leaves_no_refusal_of_that_while()
    {
        await LearnAsync("before@example.com", Said.NoSuchUser);
        _time.Offset = Day;
        _time.Advance(ClockWatch.Interval);
        await LearnAsync("nobody@example.com", Said.NoSuchUser);
        await LearnAsync("user@example.com", Said.Ok);
        await LearnAsync("busy@example.com", Said.TryLater);
        _time.Offset = default;
        _time.Advance(ClockWatch.Interval);
        Assert.Equal(["before@example.com", "user@example.com"], _memory.Enumerate().Select(v => Encoding.UTF8.GetString(v.Address)).Order());

        // And once more: it is the furthest that the clock has been since that counts.
        await LearnAsync("nobody@example.com", Said.NoSuchUser);
        _time.Offset = -Day;
        _time.Advance(ClockWatch.Interval);
        Assert.Equal(["user@example.com"], _memory.Enumerate().Select(v => Encoding.UTF8.GetString(v.Address)));
    }

    private async Task LearnAsync(string address, ProbeOutcome outcome)
    {
        Task<VerificationResult> answer = Ask(address);
        (await _prober.NextAsync()).Answer(outcome);
        await answer.Soon();
    }

    private Task<VerificationResult> Ask(string recipient) =>
        _verifier.VerifyAsync(new RecipientQuery(Encoding.UTF8.GetBytes(recipient), default, Bench.Budget)).AsTask();

    /// <summary>A clock that can be set; its timers and timestamps cannot.</summary>
    private sealed class SetClock : TimeProvider
    {
        private readonly FakeTimeProvider _real = new(Start);

        public TimeSpan Offset { get; set; }

        public override long TimestampFrequency => _real.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _real.GetUtcNow() + Offset;

        public override long GetTimestamp() => _real.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _real.CreateTimer(callback, state, dueTime, period);

        public void Advance(TimeSpan time) => _real.Advance(time);
    }
}
