using System.Net;
using RcptVerify.Verification;

namespace RcptVerify.Configuration;

/// <summary>The <c>[milter]</c> section: the door for Postfix's smtpd_milters.</summary>
public sealed record MilterOptions
{
    /// <summary>Sockets to listen on. Default empty: the door is closed.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = Keys.MilterDoor.Listen.DefaultValue;

    /// <summary>The stage of the answer. Default <see cref="AnswerAt.Rcpt"/>.</summary>
    public AnswerAt AnswerAt { get; init; } = Keys.MilterDoor.AnswerAt.DefaultValue;

    /// <summary>The answer at DATA to recipients of both kinds. Default <see cref="MixedAction.Defer"/>.</summary>
    public MixedAction Mixed { get; init; } = Keys.MilterDoor.Mixed.DefaultValue;

    /// <summary>Past it the caller gets the tempfail answer. 1 s to 300 s, default 60 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = Keys.MilterDoor.AnswerWithin.DefaultValue;

    /// <summary>Clients whose recipients are never refused. Default none.</summary>
    public IReadOnlyList<IPNetwork> SkipClients { get; init; } = Keys.MilterDoor.SkipClients.DefaultValue;

    /// <summary>Whether recipients of authenticated clients are never refused. Default false.</summary>
    public bool SkipAuthenticated { get; init; } = Keys.MilterDoor.SkipAuthenticated.DefaultValue;

    /// <summary>Whether <c>{rcpt_host}</c> may choose the server where no route speaks for a domain. Default false.</summary>
    public bool RouteFromRcptHost { get; init; } = Keys.MilterDoor.RouteFromRcptHost.DefaultValue;

    /// <summary>Where every address of such a server must lie; not empty where <see cref="RouteFromRcptHost"/> is set. Default none.</summary>
    public IReadOnlyList<IPNetwork> RouteFromRcptHostNetworks { get; init; } = Keys.MilterDoor.RouteFromRcptHostNetworks.DefaultValue;

    /// <summary>Permissions of Unix sockets. Default 0660.</summary>
    public UnixFileMode SocketMode { get; init; } = Keys.MilterDoor.SocketMode.DefaultValue;

    /// <summary>Name or number of the group that owns Unix sockets. Default empty: the group the daemon runs in.</summary>
    public string SocketGroup { get; init; } = Keys.MilterDoor.SocketGroup.DefaultValue;
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

    /// <summary>Permissions of Unix sockets. Default 0660.</summary>
    public UnixFileMode SocketMode { get; init; } = Keys.SocketmapDoor.SocketMode.DefaultValue;

    /// <summary>Name or number of the group that owns Unix sockets. Default empty: the group the daemon runs in.</summary>
    public string SocketGroup { get; init; } = Keys.SocketmapDoor.SocketGroup.DefaultValue;

    /// <summary>How long a connection may say nothing. 102 s to 7 d, default 120 s; Postfix ends its side after 10 s, and any after 100 s.</summary>
    public TimeSpan MaxIdleTime { get; init; } = Keys.SocketmapDoor.MaxIdleTime.DefaultValue;
}

/// <summary>The <c>[admin]</c> section: health, and the cache commands.</summary>
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

    /// <summary>Permissions of <see cref="Socket"/>. Default 0600: its owner alone.</summary>
    public UnixFileMode SocketMode { get; init; } = Keys.AdminDoor.SocketMode.DefaultValue;

    /// <summary>Name or number of the group that owns <see cref="Socket"/>. Default empty: the group the daemon runs in.</summary>
    public string SocketGroup { get; init; } = Keys.AdminDoor.SocketGroup.DefaultValue;

    /// <summary>What opens the cache commands at <see cref="Listen"/>. Never shown. Default empty: see <see cref="TokenFile"/>.</summary>
    public string Token { get; init; } = Keys.AdminDoor.Token.DefaultValue;

    /// <summary>Absolute path of the file that holds the token, in place of <see cref="Token"/>. Default empty: none.</summary>
    public string TokenFile { get; init; } = Keys.AdminDoor.TokenFile.DefaultValue;
}
