using System.Buffers;
using RcptVerify.Wire;

namespace RcptVerify.Endpoints;

/// <summary>What was wrong with a peer's bytes.</summary>
/// <param name="Complaint">In words.</param>
/// <param name="LooksLike">The protocol that the connection began in, where nothing of it was understood.</param>
internal sealed record PeerFault(string Complaint, WireProtocol LooksLike = WireProtocol.Unknown)
{
    /// <summary>A fault that a parser has found.</summary>
    /// <param name="error">The fault.</param>
    /// <param name="unread">What was not understood, to the end of what has come.</param>
    /// <param name="isStart">Whether that is how the connection began.</param>
    public static PeerFault Of(WireError error, in ReadOnlySequence<byte> unread, bool isStart) =>
        new($"{WireErrors.Describe(error)} ({error})", isStart ? WireProtocols.Guess(unread) : WireProtocol.Unknown);

    /// <summary>What a guess is called, and whose setting it is that leads to the right door.</summary>
    /// <param name="protocol">The guess.</param>
    public static (string What, string Advice) AdviceOn(WireProtocol protocol) => protocol switch
    {
        WireProtocol.Policy => ("a policy request", "check_policy_service belongs to [policy] listen"),
        WireProtocol.Milter => ("a milter frame", "smtpd_milters belongs to [milter] listen"),
        WireProtocol.Socketmap => ("a socketmap request (a netstring)", "a socketmap: table belongs to [socketmap] listen"),
        WireProtocol.Http => ("HTTP", "HTTP belongs to [admin] listen"),
        WireProtocol.Smtp => ("SMTP", "mail belongs to a mail server, none of our sockets takes it"),
        _ => ("TLS", "our sockets speak no TLS"),
    };
}
