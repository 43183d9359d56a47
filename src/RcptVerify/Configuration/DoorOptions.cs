using System.Net;

namespace RcptVerify.Configuration;

/// <summary>The <c>[milter]</c> section: the door for Postfix's smtpd_milters.</summary>
public sealed record MilterOptions
{
    /// <summary>Sockets to listen on. Default empty: the door is closed.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = Keys.MilterDoor.Listen.DefaultValue;

    /// <summary>The stage of the answer. Default <see cref="AnswerAt.Rcpt"/>.</summary>
    public AnswerAt AnswerAt { get; init; } = Keys.MilterDoor.AnswerAt.DefaultValue;

    /// <summary>Past it the caller gets the tempfail answer. 1 s to 300 s, default 60 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = Keys.MilterDoor.AnswerWithin.DefaultValue;

    /// <summary>Clients whose recipients are never refused. Default none.</summary>
    public IReadOnlyList<IPNetwork> SkipClients { get; init; } = Keys.MilterDoor.SkipClients.DefaultValue;
}

/// <summary>What the socketmap door says about a domain without a route.</summary>
public enum NoRouteAnswer
{
    /// <summary><c>TEMP</c>: Postfix defers the mail.</summary>
    Temp,

    /// <summary><c>NOTFOUND</c>: Postfix refuses the mail.</summary>
    Notfound,

    /// <summary><c>OK</c>: Postfix accepts the mail.</summary>
    Ok,
}

/// <summary>The <c>[socketmap]</c> section: the door for Postfix's socketmap tables.</summary>
public sealed record SocketmapOptions
{
    /// <summary>Sockets to listen on. Default empty: the door is closed.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = Keys.SocketmapDoor.Listen.DefaultValue;

    /// <summary>Past it the caller gets <c>TEMP</c>. 1 s to 90 s, default 8 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = Keys.SocketmapDoor.AnswerWithin.DefaultValue;

    /// <summary>The answer for a domain without a route. Default <see cref="NoRouteAnswer.Temp"/>.</summary>
    public NoRouteAnswer NoRoute { get; init; } = Keys.SocketmapDoor.NoRoute.DefaultValue;
}

/// <summary>The <c>[admin]</c> section: metrics, health, status page.</summary>
public sealed record AdminOptions
{
    /// <summary>Socket to listen on; null: none. Default <c>inet:127.0.0.1:10080</c>.</summary>
    public ListenAddress? Listen { get; init; } = Keys.AdminDoor.Listen.DefaultValue;

    /// <summary>Whether <see cref="Listen"/> is another one than the default: then it must be possible to listen there.</summary>
    internal bool IsListenSet => Listen != Keys.AdminDoor.Listen.DefaultValue;

    /// <summary>Absolute path of the Unix socket for the cache commands; empty: none. Default <c>/run/rcptverify/admin.sock</c>.</summary>
    public string Socket { get; init; } = Keys.AdminDoor.Socket.DefaultValue;

    /// <summary>Whether <see cref="Socket"/> is another one than the default: then it must be possible to listen there.</summary>
    internal bool IsSocketSet => Socket != Keys.AdminDoor.Socket.DefaultValue;

    /// <summary>What opens the cache commands at <see cref="Listen"/>. Never shown. Default empty: nothing does.</summary>
    public string Token { get; init; } = Keys.AdminDoor.Token.DefaultValue;
}
