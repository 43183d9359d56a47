namespace RcptVerify.Endpoints;

/// <summary>What the policy door goes by.</summary>
public sealed class PolicyDoorSettings
{
    private long _answerWithinTicks = TimeSpan.FromSeconds(8).Ticks;

    /// <summary>Past it the caller gets the tempfail answer. Default 8 s: more than Exchange's 5 s tarpit, less than Postfix's 100 s.</summary>
    public TimeSpan AnswerWithin
    {
        get => new(Volatile.Read(ref _answerWithinTicks));
        set => Volatile.Write(ref _answerWithinTicks, value.Ticks);
    }

    /// <summary>Times of a connection.</summary>
    public DoorLimits Limits { get; init; } = new();
}
