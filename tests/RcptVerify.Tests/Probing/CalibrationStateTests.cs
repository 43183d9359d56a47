using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

public sealed class CalibrationStateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CalibrationState _state;

    public CalibrationStateTests() => _state = new(_time);

    [Fact]
    public void At_first_nothing_is_known()
    {
        Assert.Null(_state.Known);
        Learn(CalibrationResult.Trouble);
        Assert.Null(_state.Known);
    }

    [Fact]
    public void A_stage_that_tells_is_measured_again_after_an_hour_and_accept_all_after_ten_minutes()
    {
        Learn(CalibrationResult.Tells);
        IsDueAfter(TimeSpan.FromHours(1));
        for (int i = 0; i < 5; i++)
        {
            Learn(CalibrationResult.AcceptAll, ProbeStage.Bdat);
            IsDueAfter(TimeSpan.FromMinutes(10));
        }

        Learn(CalibrationResult.Inconclusive, ProbeStage.EndOfData, 554);
        IsDueAfter(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Messages_to_random_addresses_grow_rare_until_the_evidence_changes()
    {
        foreach (int minutes in (int[])[10, 60, 360, 360])
        {
            Learn(CalibrationResult.AcceptAll, ProbeStage.EndOfData);
            IsDueAfter(TimeSpan.FromMinutes(minutes));
        }

        _state.Forget();
        Assert.Null(_state.Known);
        Learn(CalibrationResult.AcceptAll, ProbeStage.EndOfData);
        IsDueAfter(TimeSpan.FromMinutes(10));
        Learn(CalibrationResult.AcceptAll, ProbeStage.EndOfData);
        Learn(CalibrationResult.Tells);
        Learn(CalibrationResult.AcceptAll, ProbeStage.EndOfData);
        IsDueAfter(TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData(CalibrationResult.Trouble, 0)]
    [InlineData(CalibrationResult.Inconclusive, 450)]
    public async Task A_measurement_without_an_answer_leaves_what_is_known_and_is_repeated_soon(CalibrationResult result, int code)
    {
        CalibrationFinding tells = Learn(CalibrationResult.Tells);
        _time.Advance(TimeSpan.FromHours(1));
        Learn(result, ProbeStage.Rcpt, code);
        Assert.Same(tells, await _state.Known!);
        IsDueAfter(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_refused_canary_replaces_what_was_known()
    {
        Learn(CalibrationResult.Tells);
        CalibrationFinding refused = Learn(CalibrationResult.Inconclusive, ProbeStage.Rcpt, 550);
        Assert.Same(refused, await _state.Known!);
    }

    [Fact]
    public void What_nobody_has_asked_for_in_a_day_is_no_longer_known()
    {
        Learn(CalibrationResult.Tells);
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.NotNull(_state.Known);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_state.Known);
    }

    private void IsDueAfter(TimeSpan time)
    {
        _time.Advance(time - TimeSpan.FromSeconds(1));
        Assert.False(_state.IsDue);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_state.IsDue);
    }

    private CalibrationFinding Learn(CalibrationResult result, ProbeStage stage = ProbeStage.Rcpt, int code = 250)
    {
        ProbeReply reply = new(code, "", "said", "ex1:25", ProbeTarget.Rcpt, stage, "example.com");
        CalibrationFinding finding = new(result, ProbeTarget.Rcpt, new(VerdictStatus.Unknown, OutcomeScope.Address, reply), _time.GetTimestamp());
        _state.Learn(finding);
        return finding;
    }
}
