using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// What is known of one server and domain, and when it has to be measured again. Not synchronized: its owner locks it.
/// </summary>
internal sealed class CalibrationState(TimeProvider time)
{
    private Task<CalibrationFinding>? _known;
    private long _waitingSince;
    private TimeSpan _wait;
    private int _sentInVain;

    /// <summary>The measurement under way, or null.</summary>
    public Task<CalibrationFinding>? Measurement { get; set; }

    /// <summary>What was found and still counts, or null.</summary>
    public Task<CalibrationFinding>? Known =>
        _known is { } known && time.GetElapsedTime(known.Result.MeasuredAt) < CalibrationLimits.MaxAge ? known : null;

    /// <summary>Whether it is time to measure again.</summary>
    public bool IsDue => time.GetElapsedTime(_waitingSince) >= _wait;

    /// <summary>Takes over a measurement. One that brought no answer changes nothing of what is known, but is repeated soon.</summary>
    /// <param name="found">What was found; null for a defect of ours.</param>
    public void Learn(CalibrationFinding? found)
    {
        _waitingSince = time.GetTimestamp();
        if (found is null || found.Result == CalibrationResult.Trouble || (found.IsTemporary && Known is { Result.Result: CalibrationResult.Tells }))
        {
            _wait = CalibrationLimits.RetryLife;
            return;
        }

        bool sent = found.Result == CalibrationResult.AcceptAll && found.Evidence.Reply.Stage == ProbeStage.EndOfData;
        _sentInVain = sent ? _sentInVain + 1 : 0;
        _known = Task.FromResult(found);
        _wait = found.Result == CalibrationResult.Tells ? CalibrationLimits.TellsLife
            : sent ? CalibrationLimits.SentLife(_sentInVain) : CalibrationLimits.SilentLife;
    }

    /// <summary>The evidence is against what was found: the next who asks waits for a new measurement.</summary>
    public void Forget()
    {
        _known = null;
        _sentInVain = 0;
    }
}
