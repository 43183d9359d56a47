using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>The breaker of one server: what opens it, how long, what closes it, and what the log says.</summary>
public sealed class BackendHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger<SmtpProber> _log = new();
    private readonly BackendHealth _health;

    public BackendHealthTests() => _health = new BackendHealth("ex1:25", _time, _log, new RepeatGuard(_time));

    /// <summary>Stage, code, scope; and how many in a row open the breaker: 0 for never.</summary>
    public static TheoryData<ProbeStage, int, OutcomeScope, int> Signs => new()
    {
        { ProbeStage.Connect, 0, OutcomeScope.Backend, 3 },
        { ProbeStage.Greeting, 0, OutcomeScope.Backend, 3 },
        { ProbeStage.Greeting, 554, OutcomeScope.Backend, 3 },
        { ProbeStage.StartTls, 0, OutcomeScope.Backend, 3 },
        { ProbeStage.Mail, 0, OutcomeScope.Backend, 3 },
        { ProbeStage.Mail, 550, OutcomeScope.Backend, 3 },
        { ProbeStage.Greeting, 421, OutcomeScope.Backend, 10 },
        { ProbeStage.Mail, 452, OutcomeScope.Backend, 10 },
        { ProbeStage.Rcpt, 421, OutcomeScope.Backend, 10 },
        { ProbeStage.None, 0, OutcomeScope.Backend, 0 },
        { ProbeStage.Rcpt, 0, OutcomeScope.Backend, 0 },
        { ProbeStage.Rcpt, 550, OutcomeScope.Backend, 0 },
        { ProbeStage.Rcpt, 450, OutcomeScope.Address, 0 },
        { ProbeStage.Rcpt, 550, OutcomeScope.Address, 0 },
    };

    [Theory]
    [MemberData(nameof(Signs))]
    public void It_opens_after_so_many_in_a_row(ProbeStage stage, int code, OutcomeScope scope, int limit)
    {
        for (int i = 1; i <= 20; i++)
        {
            Record(stage, code, scope);
            Assert.Equal(limit == 0 || i < limit, _health.IsUp);
        }
    }

    [Fact]
    public void A_reply_about_a_recipient_in_between_begins_the_count_anew()
    {
        Fail(2);
        Record(ProbeStage.Rcpt, 550, OutcomeScope.Address);
        Fail(2);

        Assert.True(_health.IsUp);
    }

    [Fact]
    public void When_its_pause_is_over_exactly_one_probe_tries_again()
    {
        Fail(3);
        _time.Advance(BackendHealth.MinPause - TimeSpan.FromMilliseconds(1));
        Assert.False(_health.TryBeginTrial());
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(_health.TryBeginTrial());
        Assert.False(_health.TryBeginTrial());
    }

    [Fact]
    public void A_trial_that_fails_doubles_the_pause_up_to_a_minute()
    {
        Fail(3);
        foreach (int pause in (int[])[5, 10, 20, 40, 60, 60])
        {
            Assert.Equal(TimeSpan.FromSeconds(pause), _health.NextTry);
            _time.Advance(TimeSpan.FromSeconds(pause));
            Assert.True(_health.TryBeginTrial());
            Fail(1);
        }
    }

    [Fact]
    public void A_trial_that_told_nothing_is_followed_by_another_at_once()
    {
        Fail(3);
        _time.Advance(BackendHealth.MinPause);
        Assert.True(_health.TryBeginTrial());
        Record(ProbeStage.None, 0, OutcomeScope.Backend);
        _health.EndTrial();

        Assert.True(_health.TryBeginTrial());
    }

    [Fact]
    public void Probes_that_were_under_way_when_it_went_down_do_not_prolong_the_pause()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(4));
        Fail(5);

        Assert.Equal(TimeSpan.FromSeconds(1), _health.NextTry);
    }

    [Fact]
    public void The_log_tells_once_that_it_is_down_and_once_that_it_is_back()
    {
        Fail(9);
        _time.Advance(BackendHealth.MinPause);
        Assert.True(_health.TryBeginTrial());
        Fail(1);
        _time.Advance(TimeSpan.FromSeconds(55));
        Assert.True(_health.TryBeginTrial());
        Record(ProbeStage.Rcpt, 250, OutcomeScope.Address);
        Record(ProbeStage.Rcpt, 250, OutcomeScope.Address);

        Assert.True(_health.IsUp);
        Assert.Equal(
            [
                (EventIds.BackendDown, "server=ex1:25 IS DOWN and is passed over: 3 probes in a row failed, the last one at connect: no \\x22luck\\x22"),
                (EventIds.BackendBack, "server=ex1:25 is back, after 00:01:00"),
            ],
            _log.Lines);
    }

    [Fact]
    public void A_server_that_comes_and_goes_does_not_fill_the_log()
    {
        for (int i = 0; i < 100; i++)
        {
            Fail(3);
            Record(ProbeStage.Rcpt, 250, OutcomeScope.Address);
        }

        Assert.Equal(10, _log.Lines.Count);
    }

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
            Record(ProbeStage.Connect, 0, OutcomeScope.Backend);
    }

    private void Record(ProbeStage stage, int code, OutcomeScope scope) => _health.Record(
        new(VerdictStatus.Unknown, scope, new ProbeReply(code, "", "no \"luck\"", "ex1:25", ProbeTarget.Rcpt, stage, "example.com")));
}
