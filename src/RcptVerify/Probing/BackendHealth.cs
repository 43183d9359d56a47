using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Whether one server is worth asking: a circuit breaker. It opens when <see cref="FailureLimit"/> probes in a row found no
/// connection, no answer in time or a 5xx before RCPT; a server that only says "later" (421, 4xx) is given
/// <see cref="TroubleLimit"/>, since its session pool throttles itself. While it is open nobody is sent there; when its pause
/// is over exactly one probe is, and either closes it or doubles the pause, up to <see cref="MaxPause"/>.
/// <para>
/// What a server says or does not say at RCPT or later is about the recipient, whom strangers choose: it never opens the
/// breaker. Any reply there closes it.
/// </para>
/// </summary>
/// <param name="name">The server's name, for the log.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For "down" and "back", a line each.</param>
/// <param name="guard">Holds those lines back where there are too many.</param>
internal sealed class BackendHealth(string name, TimeProvider time, ILogger log, RepeatGuard guard)
{
    /// <summary>Failures in a row that open it: 3, so that one lost packet does not.</summary>
    public const int FailureLimit = 3;

    /// <summary>Failures and temporary refusals in a row that open it: 10.</summary>
    public const int TroubleLimit = 10;

    private readonly Lock _lock = new();
    private volatile bool _isDown;
    private bool _onTrial;
    private int _failures;
    private int _troubles;
    private TimeSpan _pause = MinPause;
    private long _downSince;
    private long _pausedAt;
    private string _reason = "";

    /// <summary>The first pause: 5 s.</summary>
    public static TimeSpan MinPause { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause: 1 min, the most that a server is missed for after it came back.</summary>
    public static TimeSpan MaxPause { get; } = TimeSpan.FromMinutes(1);

    /// <summary>What a probe says of the server's health.</summary>
    private enum Sign : byte
    {
        None,
        Alive,
        Trouble,
        Failure,
    }

    /// <summary>Whether it may be asked by anybody.</summary>
    public bool IsUp => !_isDown;

    /// <summary>The last failure, printable.</summary>
    public string Reason
    {
        get
        {
            lock (_lock)
                return _reason;
        }
    }

    /// <summary>Time until one probe may try again; zero while one does.</summary>
    public TimeSpan NextTry
    {
        get
        {
            lock (_lock)
            {
                TimeSpan left = _pause - time.GetElapsedTime(_pausedAt);
                return _isDown && left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Whether the caller is the one probe that tries again. It must call <see cref="EndTrial"/>.</summary>
    public bool TryBeginTrial()
    {
        lock (_lock)
            return _isDown && !_onTrial && time.GetElapsedTime(_pausedAt) >= _pause && (_onTrial = true);
    }

    /// <summary>The trial is over; if it told nothing, the next probe is another one.</summary>
    public void EndTrial()
    {
        lock (_lock)
            _onTrial = false;
    }

    /// <summary>Takes note of a probe that went to this server.</summary>
    public void Record(ProbeOutcome outcome)
    {
        Sign sign = SignOf(outcome);
        if (sign == Sign.None || (sign == Sign.Alive && IsUp && _failures + _troubles == 0))
            return;
        lock (_lock)
        {
            if (sign == Sign.Alive)
                Close();
            else if (_isDown)
                Pause(sign);
            else
                Count(sign, outcome.Reply);
        }
    }

    private static Sign SignOf(ProbeOutcome outcome) => outcome switch
    {
        { Scope: OutcomeScope.Address } => Sign.Alive,
        { Reply.Stage: ProbeStage.None } => Sign.None, // it never had a session
        { Reply.Code: 421 } => Sign.Trouble,
        { Reply: { Stage: >= ProbeStage.Rcpt, Code: 0 } } => Sign.None,
        { Reply.Stage: >= ProbeStage.Rcpt } => Sign.Alive,
        { Reply.Code: >= 400 and < 500 } => Sign.Trouble,
        _ => Sign.Failure,
    };

    private void Count(Sign sign, ProbeReply reply)
    {
        _ = sign == Sign.Failure ? _failures++ : _troubles++;
        if (_failures < FailureLimit && _failures + _troubles < TroubleLimit)
            return;
        _reason = LogEscape.Text(reply.Code == 0 ? reply.Text : $"{reply.Code} {reply.Enhanced} {reply.Text}");
        _pause = MinPause;
        _pausedAt = _downSince = time.GetTimestamp();
        _isDown = true;
        if (!guard.MayPass(out long held))
            return;
        TellHeld(held);
        Log.BackendDown(log, name, _failures + _troubles, VerdictNames.Of(reply.Stage), _reason);
    }

    /// <summary>The trial failed. Probes that were under way when it went down tell nothing new.</summary>
    private void Pause(Sign sign)
    {
        if (!_onTrial)
            return;
        _onTrial = false;
        _pausedAt = time.GetTimestamp();
        if (sign == Sign.Failure)
            _pause = _pause * 2 < MaxPause ? _pause * 2 : MaxPause;
    }

    private void Close()
    {
        _failures = _troubles = 0;
        _onTrial = false;
        if (!_isDown)
            return;
        _isDown = false;
        if (!guard.MayPass(out long held))
            return;
        TellHeld(held);
        Log.BackendBack(log, name, TimeSpan.FromSeconds(Math.Round(time.GetElapsedTime(_downSince).TotalSeconds)));
    }

    private void TellHeld(long held)
    {
        if (held > 0)
            Log.Repeated(log, held, "servers that went down or came back");
    }
}
