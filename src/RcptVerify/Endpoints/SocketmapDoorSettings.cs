using RcptVerify.Verification;

namespace RcptVerify.Endpoints;

/// <summary>What the socketmap door goes by.</summary>
public sealed class SocketmapDoorSettings
{
    private long _answerWithinTicks = TimeSpan.FromSeconds(8).Ticks;
    private volatile NoRouteAnswer _noRoute = NoRouteAnswer.Temp;
    private volatile bool _dryRun;

    /// <summary>Past it the caller gets TEMP. Default 8 s: more than Exchange's 5 s tarpit, less than Postfix's 100 s.</summary>
    public TimeSpan AnswerWithin
    {
        get => new(Volatile.Read(ref _answerWithinTicks));
        set => Volatile.Write(ref _answerWithinTicks, value.Ticks);
    }

    /// <summary>The answer for a domain without a route. Default <see cref="NoRouteAnswer.Temp"/>.</summary>
    public NoRouteAnswer NoRoute
    {
        get => _noRoute;
        set => _noRoute = value;
    }

    /// <summary>Whether domains without a route are accepted all the same; a route has its own setting. Default false.</summary>
    public bool DryRun
    {
        get => _dryRun;
        set => _dryRun = value;
    }

    /// <summary>Times of a connection. An idle one is closed after 120 s by default: Postfix ends its side after 10 s of that, and after 100 s of life.</summary>
    public DoorLimits Limits { get; init; } = new() { IdleTime = TimeSpan.FromSeconds(120) };
}
