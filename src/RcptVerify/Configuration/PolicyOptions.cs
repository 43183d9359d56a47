using RcptVerify.Verification;

namespace RcptVerify.Configuration;

/// <summary>The SMTP stage at which a door answers.</summary>
public enum AnswerAt
{
    /// <summary>At RCPT TO: each recipient has its own answer.</summary>
    Rcpt,

    /// <summary>At DATA: RCPT starts the probe, so that its time hides behind the dialogue.</summary>
    Data,
}

/// <summary>The <c>[policy]</c> section: the door for Postfix's check_policy_service.</summary>
public sealed record PolicyOptions
{
    /// <summary>Sockets to listen on; empty closes the door. Default <c>inet:127.0.0.1:10040</c>.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = Keys.PolicyDoor.Listen.DefaultValue;

    /// <summary>The stage of the answer. Default <see cref="AnswerAt.Rcpt"/>.</summary>
    public AnswerAt AnswerAt { get; init; } = Keys.PolicyDoor.AnswerAt.DefaultValue;

    /// <summary>The answer at DATA to recipients of both kinds. Default <see cref="MixedAction.Defer"/>.</summary>
    public MixedAction Mixed { get; init; } = Keys.PolicyDoor.Mixed.DefaultValue;

    /// <summary>Past it the caller gets the tempfail answer. 1 s to 90 s, default 8 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = Keys.PolicyDoor.AnswerWithin.DefaultValue;

    /// <summary>Permissions of Unix sockets. Default 0660.</summary>
    public UnixFileMode SocketMode { get; init; } = Keys.PolicyDoor.SocketMode.DefaultValue;

    /// <summary>Name or number of the group that owns Unix sockets. Default empty: the group the daemon runs in.</summary>
    public string SocketGroup { get; init; } = Keys.PolicyDoor.SocketGroup.DefaultValue;

    /// <summary>How long a connection may say nothing. 1200 s to 7 d, default 1200 s; Postfix's own max_ttl is 1000 s.</summary>
    public TimeSpan MaxIdleTime { get; init; } = Keys.PolicyDoor.MaxIdleTime.DefaultValue;
}
