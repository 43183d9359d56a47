using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// The conversation is broken: no connection, end of data, time out, bytes that are no reply, a reply nobody asked for.
/// A server that said no is not this; that is an ordinary reply. After this exception the connection is never used again:
/// the next reply on it could be another address's verdict.
/// </summary>
/// <param name="stage">Where it happened.</param>
/// <param name="message">What happened, for the log; holds nothing from outside that is not printable.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class SmtpConversationException(ProbeStage stage, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Where it happened.</summary>
    public ProbeStage Stage { get; } = stage;

    /// <summary>The time was over: there is none left to try again.</summary>
    public bool TimedOut { get; init; }

    /// <summary>TLS is what failed: on a new connection in clear text the server may well answer.</summary>
    public bool TlsFailed { get; init; }
}
