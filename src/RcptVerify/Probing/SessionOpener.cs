using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Opens sessions with one server, under TLS as the route wants it. Where TLS is optional and fails, the server is asked in
/// clear text on a new connection, as Postfix does it at level <c>may</c>; the log says so once.
/// </summary>
internal sealed class SessionOpener(ServerEndpoint server, ProbeSettings settings, TimeProvider time, ILogger log, SmtpTranscript? transcript)
{
    private readonly TlsClient? _tls = settings.Tls.Level == TlsLevel.None ? null : new TlsClient(settings.Tls, server.TlsName);
    private int _told;

    /// <inheritdoc cref="SmtpSession.OpenAsync"/>
    public async Task<SmtpSession> OpenAsync(TimeSpan deadline)
    {
        long started = time.GetTimestamp();
        string trouble;
        try
        {
            return await SmtpSession.OpenAsync(server, settings, deadline, time, transcript, _tls);
        }
        catch (SmtpConversationException e) when (e.TlsFailed && _tls is { IsRequired: false })
        {
            trouble = e.Message;
        }
        catch (SmtpRefusedException e) when (e.Stage == ProbeStage.StartTls && _tls is { IsRequired: false })
        {
            string enhanced = e.Reply.Enhanced.IsNone ? "" : $"{e.Reply.Enhanced} ";
            trouble = LogEscape.Text($"{e.Reply.Code} {enhanced}{e.Reply.Text}");
        }

        if (Interlocked.Exchange(ref _told, 1) == 0)
            Log.ClearTextInstead(log, server.Name, trouble);
        transcript?.Remark($"TLS failed: {trouble}. Once more in clear text.");
        TimeSpan left = deadline - time.GetElapsedTime(started);
        return await SmtpSession.OpenAsync(server, settings, left > TimeSpan.Zero ? left : TimeSpan.Zero, time, transcript, tls: null);
    }
}
