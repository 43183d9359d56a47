using System.Text;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>How a session begins: the greeting, EHLO or HELO, STARTTLS and EHLO again (RFC 5321 section 3.1, RFC 3207).</summary>
/// <param name="connection">A new connection.</param>
/// <param name="settings">Our name.</param>
internal sealed class SmtpGreeting(SmtpConnection connection, ProbeSettings settings)
{
    private readonly byte[] _helo = Encoding.UTF8.GetBytes(settings.Helo);

    /// <summary>Greets, and starts TLS as <paramref name="tls"/> wants it. Returns what the server offers.</summary>
    /// <param name="tls">How to start TLS; null for clear text.</param>
    /// <param name="left">The time left for all of it.</param>
    /// <exception cref="SmtpConversationException">No conversation.</exception>
    /// <exception cref="SmtpRefusedException">The server does not want to talk to us.</exception>
    public async Task<EhloCapabilities> ExchangeAsync(TlsClient? tls, Func<TimeSpan> left)
    {
        connection.SetDeadline(left());
        Demand(await connection.ReadReplyAsync(ProbeStage.Greeting), ProbeStage.Greeting);
        EhloCapabilities capabilities = await EhloAsync();
        if (tls is not null && capabilities.Has(EhloExtensions.StartTls))
        {
            // Half of the time where clear text is to be tried after a handshake that hangs.
            connection.SetDeadline(tls.IsRequired ? left() : left() / 2);
            await StartTlsAsync(tls);
            connection.SetDeadline(left());
            capabilities = await EhloUnderTlsAsync();
        }
        else if (tls is { IsRequired: true })
        {
            throw new SmtpConversationException(ProbeStage.StartTls, "TLS is required, but the server does not offer STARTTLS");
        }

        connection.SetDeadline(Timeout.InfiniteTimeSpan);
        return capabilities;
    }

    private async Task<EhloCapabilities> EhloAsync()
    {
        if (!SmtpCommandWriter.TryWriteEhlo(connection.Output, _helo, out WireError error))
            throw new SmtpConversationException(ProbeStage.Ehlo, $"the configured helo name cannot be sent: {error}");
        await connection.SendAsync(ProbeStage.Ehlo);
        SmtpReply reply = await connection.ReadReplyAsync(ProbeStage.Ehlo);
        if (reply.IsPositive)
            return EhloCapabilities.Parse(reply);
        if (!reply.IsPermanent)
            Demand(reply, ProbeStage.Ehlo);
        SmtpCommandWriter.TryWriteHelo(connection.Output, _helo, out _);
        await connection.SendAsync(ProbeStage.Ehlo);
        Demand(await connection.ReadReplyAsync(ProbeStage.Ehlo), ProbeStage.Ehlo);
        return EhloCapabilities.None;
    }

    private async Task StartTlsAsync(TlsClient tls)
    {
        SmtpCommandWriter.WriteStartTls(connection.Output);
        try
        {
            await connection.SendAsync(ProbeStage.StartTls);
            Demand(await connection.ReadReplyAsync(ProbeStage.StartTls), ProbeStage.StartTls);
        }
        catch (SmtpConversationException e)
        {
            throw new SmtpConversationException(ProbeStage.StartTls, e.Message, e) { TimedOut = e.TimedOut, TlsFailed = true };
        }

        await connection.StartTlsAsync(tls);
    }

    /// <summary>
    /// All that was said in clear text is forgotten (RFC 3207 section 4.2). With TLS 1.3 a server's alert about our side of
    /// the handshake comes only now.
    /// </summary>
    private async Task<EhloCapabilities> EhloUnderTlsAsync()
    {
        try
        {
            return await EhloAsync();
        }
        catch (SmtpConversationException e)
        {
            throw new SmtpConversationException(ProbeStage.StartTls, $"after the handshake: {e.Message}", e) { TimedOut = e.TimedOut, TlsFailed = !e.TimedOut };
        }
    }

    private static void Demand(SmtpReply reply, ProbeStage stage)
    {
        if (!reply.IsPositive)
            throw new SmtpRefusedException(stage, reply);
    }
}
