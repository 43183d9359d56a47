using System.Globalization;
using System.Net;
using System.Text;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>A configuration file for the daemon under test: memory cache, RCPT probing, loopback, no admin socket, everything else at its default.</summary>
public sealed class DaemonConfiguration
{
    private readonly StringBuilder _routes = new();

    /// <summary>The policy socket, in Postfix' notation.</summary>
    public required string Listen { get; init; }

    /// <summary>The group that may use the policy's Unix socket, by its default mode 0660; empty for the daemon's own.</summary>
    public string SocketGroup { get; init; } = "";

    /// <summary>What is said to unknown users.</summary>
    public string UnknownUser { get; init; } = "550 5.1.1 User unknown";

    /// <summary>answer_within, Postfix' units.</summary>
    public string AnswerWithin { get; init; } = "8s";

    /// <summary>The cache's store.</summary>
    public string Store { get; init; } = "memory";

    /// <summary>The connection string of Redis; empty for none.</summary>
    public string Redis { get; init; } = "";

    /// <summary>More lines of the cache section.</summary>
    public string Cache { get; init; } = "";

    /// <summary>timeout of a probe, Postfix' units.</summary>
    public string ProbeTimeout { get; init; } = "15s";

    /// <summary>The lines of the admin section.</summary>
    public string Admin { get; init; } = "listen = \"\"\nsocket = \"\"";

    /// <summary>A configuration listening at a TCP address.</summary>
    public static DaemonConfiguration On(IPEndPoint policy) => new() { Listen = $"inet:{policy}" };

    /// <summary>Adds a route to a server on 127.0.0.1.</summary>
    /// <param name="domain">Its only domain.</param>
    /// <param name="port">The server's port.</param>
    /// <param name="target">Where it is probed.</param>
    /// <param name="eodSecret">Allows the end of data; empty for none.</param>
    public DaemonConfiguration Route(string domain, int port, string target = "rcpt", string eodSecret = "")
    {
        _routes.Append(CultureInfo.InvariantCulture, $"""

            [[route]]
            domains = ["{domain}"]
            servers = ["127.0.0.1:{port}"]
            target = "{target}"
            eod_secret = "{eodSecret}"
            tls = "none"

            """);
        return this;
    }

    /// <summary>The file's text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        [policy]
        listen = ["{Listen}"]
        answer_within = "{AnswerWithin}"
        socket_group = "{SocketGroup}"

        [admin]
        {Admin}

        [reply]
        unknown_user = "{UnknownUser}"

        [cache]
        store = "{Store}"
        redis = "{Redis}"
        {Cache}

        [probe]
        helo = "mx.mta.test"
        sender = "probe@mx.mta.test"
        timeout = "{ProbeTimeout}"
        client_refused_limit = ""
        {_routes}
        """);
}
