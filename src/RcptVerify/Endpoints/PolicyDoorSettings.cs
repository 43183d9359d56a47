using RcptVerify.Verification;

namespace RcptVerify.Endpoints;

/// <summary>What the policy door goes by. Rules may change while connections are open; they hold from the next request on.</summary>
public sealed class PolicyDoorSettings
{
    private volatile PolicyDoorRules _rules = new();

    /// <summary>What a reload may change.</summary>
    public PolicyDoorRules Rules
    {
        get => _rules;
        set => _rules = value;
    }

    /// <summary>Times of a connection.</summary>
    public DoorLimits Limits { get; init; } = new();
}

/// <summary>When the policy door answers, and how long that may take.</summary>
public sealed record PolicyDoorRules
{
    /// <summary>Past it the caller gets the tempfail answer. Default 8 s: more than Exchange's 5 s tarpit, less than Postfix's 100 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Whether the answer for a message is given at DATA; then RCPT only starts probes and repeats known refusals. Default false.</summary>
    public bool AtData { get; init; }

    /// <summary>At DATA, the answer to recipients of both kinds. Default <see cref="MixedAction.Defer"/>.</summary>
    public MixedAction Mixed { get; init; }

    /// <summary>What holds where there is no route to say so: for messages whose recipients were not seen.</summary>
    public ReplySettings Reply { get; init; } = ReplySettings.Default;
}
