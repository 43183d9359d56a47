using System.Buffers;
using System.Text;
using RcptVerify.Verification;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>Turns one server's replies into outcomes.</summary>
/// <param name="server">The server.</param>
internal sealed class ReplyJudge(ServerEndpoint server)
{
    /// <summary>What a reply to a probe means.</summary>
    /// <param name="reply">The reply; one that does not belong to the stage speaks of nobody.</param>
    /// <param name="stage">The command that it answers.</param>
    /// <param name="job">The probe.</param>
    public ProbeOutcome Judge(SmtpReply reply, ProbeStage stage, ProbeJob job)
    {
        string enhanced = EnhancedOf(reply);
        if (IsOutOfStep(reply, stage))
            return Outcome(VerdictStatus.Unknown, OutcomeScope.Backend, reply.Code, enhanced, reply.Text, stage, job);
        if (reply.IsPositive)
            return Outcome(VerdictStatus.Deliverable, OutcomeScope.Address, reply.Code, enhanced, reply.Text, stage, job);

        ReplyCategory category = ReplyClassifier.Classify(reply.Code, enhanced, WithoutAddress(reply.Text, job.Address), stage, job.Route.ReplyRules);
        bool aboutAddress = category is ReplyCategory.UserUnknown or ReplyCategory.MailboxExists
            || (category == ReplyCategory.Temporary && stage >= ProbeStage.Rcpt && reply.Code != 421);
        return Outcome(
            ReplyClassifier.StatusOf(category), aboutAddress ? OutcomeScope.Address : OutcomeScope.Backend, reply.Code, enhanced, reply.Text, stage, job);
    }

    /// <summary>DATA's 354: the server would take a message for this recipient.</summary>
    public ProbeOutcome Invited(SmtpReply reply, ProbeJob job) =>
        Outcome(VerdictStatus.Deliverable, OutcomeScope.Address, reply.Code, EnhancedOf(reply), reply.Text, ProbeStage.Data, job);

    /// <summary>A probe that was not made, or not to its end.</summary>
    public ProbeOutcome Impossible(OutcomeScope scope, string why, ProbeStage stage, ProbeJob job) =>
        Outcome(VerdictStatus.Unknown, scope, 0, "", why, stage, job);

    /// <summary>A yes: 250 and its relatives. 220 and 221 are 2xx too, but greet and take leave (RFC 5321 section 4.2.3).</summary>
    public static bool IsYes(SmtpReply reply) => reply.Code / 10 == 25;

    /// <summary>Neither a yes nor a no to this command: DATA, for one, is answered by 354 or a refusal.</summary>
    public static bool IsOutOfStep(SmtpReply reply, ProbeStage stage) => reply.Code < 400 && (!IsYes(reply) || stage == ProbeStage.Data);

    /// <summary>The address as it goes out, between the angle brackets of RCPT.</summary>
    public static string ExternalForm(RecipientAddress address)
    {
        ArrayBufferWriter<byte> command = new(128);
        SmtpCommandWriter.TryWriteRcptTo(command, address.LocalPart.Span, address.Domain.Span, smtpUtf8: true, out _);
        ReadOnlySpan<byte> written = command.WrittenSpan;
        return Encoding.UTF8.GetString(written[(written.IndexOf((byte)'<') + 1)..written.LastIndexOf((byte)'>')]);
    }

    private ProbeOutcome Outcome(VerdictStatus status, OutcomeScope scope, int code, string enhanced, string text, ProbeStage stage, ProbeJob job) =>
        new(status, scope, new ProbeReply(code, enhanced, WithoutSecret(text, job.Route), server.Name, job.Target, stage, job.Route.Name));

    /// <summary>
    /// A server that repeats the address must not have its words confused with the address's: taken out are its external
    /// form, its canonical form, what else stands in angle brackets, and a local part that can hold several words.
    /// </summary>
    private static string WithoutAddress(string text, RecipientAddress address)
    {
        text = text.Replace(ExternalForm(address), "", StringComparison.OrdinalIgnoreCase).Replace(address.ToString(), "", StringComparison.OrdinalIgnoreCase);
        if (!SmtpAddress.IsDotString(address.LocalPart.Span))
            text = text.Replace(Encoding.UTF8.GetString(address.LocalPart.Span), "", StringComparison.OrdinalIgnoreCase);
        int open = text.IndexOf('<', StringComparison.Ordinal);
        int close = text.IndexOf('>', StringComparison.Ordinal);
        if (open >= 0 && close > open)
            text = text.Remove(open, close - open + 1);
        return text;
    }

    /// <summary>A server may repeat a header that it did not like.</summary>
    private static string WithoutSecret(string text, Route route) =>
        route.EodSecret.Length == 0 ? text : text.Replace(route.EodSecret, "***", StringComparison.OrdinalIgnoreCase);

    private static string EnhancedOf(SmtpReply reply) => reply.Enhanced.IsNone ? "" : reply.Enhanced.ToString();
}
