using RcptVerify.Verification;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>The server refused to open a session: a reply at greeting or EHLO, which speaks of us and not of any recipient.</summary>
/// <param name="stage">Where.</param>
/// <param name="reply">In its words.</param>
public sealed class SmtpRefusedException(ProbeStage stage, SmtpReply reply) : Exception($"refused with {reply.Code}")
{
    /// <summary>Where.</summary>
    public ProbeStage Stage { get; } = stage;

    /// <summary>In its words.</summary>
    public SmtpReply Reply { get; } = reply;
}
