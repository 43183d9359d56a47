using System.Net;
using RcptVerify.Verification;

namespace RcptVerify.Endpoints;

/// <summary>What the milter door goes by. Rules may change while connections are open; they hold from the next recipient on.</summary>
public sealed class MilterDoorSettings
{
    private volatile MilterDoorRules _rules = new();

    /// <summary>What a reload may change.</summary>
    public MilterDoorRules Rules
    {
        get => _rules;
        set => _rules = value;
    }

    /// <summary>Times of a connection.</summary>
    public DoorLimits Limits { get; init; } = new()
    {
        // One connection serves one SMTP session. While a message's content arrives nothing is said here, and Postfix sets no
        // limit to that time as a whole (smtpd_timeout counts each read): Postfix must always be first to close.
        IdleTime = TimeSpan.FromHours(6),
    };

    /// <summary>
    /// Most connections at a time; one more is closed at once. Default 10000: Postfix's smtpd has one each, and
    /// default_process_limit is 100.
    /// </summary>
    public int MaxConnections { get; init; } = 10_000;
}

/// <summary>Which recipients are asked about, and how long the answer may take.</summary>
public sealed record MilterDoorRules
{
    /// <summary>Past it the caller gets the tempfail answer. Default 60 s; progress packets keep Postfix waiting meanwhile.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Clients whose recipients are never refused. Default none.</summary>
    public IReadOnlyList<IPNetwork> SkipClients { get; init; } = [];

    /// <summary>Whether recipients of authenticated clients are never refused. Default false.</summary>
    public bool SkipAuthenticated { get; init; }

    /// <summary>Whether <c>{rcpt_host}</c> may choose the server to ask where no route speaks for a domain. Default false.</summary>
    public bool RouteFromRcptHost { get; init; }

    /// <summary>
    /// Whether the answer for a message is given at DATA; then RCPT only starts probes and repeats known refusals. Default false. Holds
    /// for connections that open from then on.
    /// </summary>
    public bool AtData { get; init; }

    /// <summary>At DATA, the answer to recipients of both kinds. Default <see cref="MixedAction.Defer"/>.</summary>
    public MixedAction Mixed { get; init; }

    /// <summary>What holds for addresses that have no route to say so: in a dry run, what cannot be read is let pass.</summary>
    public ReplySettings Reply { get; init; } = ReplySettings.Default;
}
