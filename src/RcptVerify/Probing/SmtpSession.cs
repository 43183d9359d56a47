using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>
/// One SMTP session with one server, made for probing: it greets, then asks about one recipient after the other, each in
/// a mail transaction of its own that is given up with RSET. How far a transaction goes is the probe's target: only
/// <see cref="ProbeTarget.Eod"/> ever completes a message.
/// <para>
/// A session that timed out, lost its connection, or saw anything unexpected is not usable again
/// (<see cref="IsUsable"/>): the next reply would become another address's verdict.
/// </para>
/// </summary>
internal sealed class SmtpSession : IDisposable
{
    /// <summary>The reply to DATA that invites the message (RFC 5321 section 4.1.1.4).</summary>
    private const int StartMailInput = 354;

    /// <summary>What a probe at target bdat says in place of a reply where CHUNKING is not offered.</summary>
    public const string NoChunking = "the server does not offer CHUNKING, which target bdat needs";

    private readonly SmtpConnection _connection;
    private readonly ServerEndpoint _server;
    private readonly EhloCapabilities _capabilities;
    private readonly ProbeSettings _settings;
    private readonly byte[] _constantSender;
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly ArrayBufferWriter<byte> _rcptTo = new(128);
    private bool _inTransaction;

    private SmtpSession(SmtpConnection connection, ServerEndpoint server, EhloCapabilities capabilities, ProbeSettings settings, TimeProvider time)
    {
        _connection = connection;
        _server = server;
        _capabilities = capabilities;
        _settings = settings;
        _constantSender = settings.ProbeSender.IsConstant ? Encoding.UTF8.GetBytes(settings.Sender) : [];
        _time = time;
        _openedAt = time.GetTimestamp();
    }

    /// <summary>Whether another probe may use it.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Refusals it has met: servers close sessions that make too many (Exchange: MaxProtocolErrors, 5).</summary>
    public int Errors { get; private set; }

    /// <summary>Probes made.</summary>
    public int Probes { get; private set; }

    /// <summary>When it was opened and when it was last used, as timestamps of the clock.</summary>
    public (long Opened, long Used) Times => (_openedAt, LastUsed);

    /// <summary>When it was last used; kept by the pool.</summary>
    public long LastUsed { get; set; }

    /// <summary>Something came in while nobody asked: end of data or an unsolicited reply.</summary>
    public bool IsStale => _connection.HasUnexpectedInput;

    /// <summary>Connects and greets.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="settings">Helo, sender and times.</param>
    /// <param name="deadline">Time for all of it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="transcript">Notes the dialogue; null for none.</param>
    /// <param name="tls">How to start TLS; null for clear text.</param>
    /// <exception cref="SmtpConversationException">No connection, or no conversation.</exception>
    /// <exception cref="SmtpRefusedException">The server does not want to talk to us.</exception>
    public static async Task<SmtpSession> OpenAsync(
        ServerEndpoint server, ProbeSettings settings, TimeSpan deadline, TimeProvider time, SmtpTranscript? transcript, TlsClient? tls = null)
    {
        TimeSpan connectTimeout = deadline < settings.ConnectTimeout ? deadline : settings.ConnectTimeout;
        long started = time.GetTimestamp();
        SmtpConnection connection = await SmtpConnection.ConnectAsync(server, connectTimeout, SmtpReplyLimits.Default, time, transcript);
        try
        {
            connection.SetDeadline(Left());
            Demand(await connection.ReadReplyAsync(ProbeStage.Greeting), ProbeStage.Greeting);
            byte[] helo = Encoding.UTF8.GetBytes(settings.Helo);
            EhloCapabilities capabilities = await GreetAsync(connection, helo);
            if (tls is not null && capabilities.Has(EhloExtensions.StartTls))
            {
                // Half of the time where clear text is to be tried after a handshake that hangs.
                connection.SetDeadline(tls.IsRequired ? Left() : Left() / 2);
                await StartTlsAsync(connection, tls);
                connection.SetDeadline(Left());
                capabilities = await GreetUnderTlsAsync(connection, helo);
            }
            else if (tls is { IsRequired: true })
            {
                throw new SmtpConversationException(ProbeStage.StartTls, "TLS is required, but the server does not offer STARTTLS");
            }

            connection.SetDeadline(Timeout.InfiniteTimeSpan);
            return new(connection, server, capabilities, settings, time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        TimeSpan Left()
        {
            TimeSpan left = deadline - time.GetElapsedTime(started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Asks about one recipient. The verdict is there before the transaction is given up: see <see cref="ResetAsync"/>.</summary>
    /// <param name="address">The recipient.</param>
    /// <param name="route">Its route.</param>
    /// <param name="target">The stage whose reply decides; never <see cref="ProbeTarget.Auto"/>.</param>
    /// <param name="deadline">Time for it, RSET included.</param>
    /// <exception cref="SmtpConversationException">The conversation broke; the session is not usable any more.</exception>
    public async ValueTask<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTarget target, TimeSpan deadline)
    {
        if (target == ProbeTarget.Bdat && !_capabilities.Has(EhloExtensions.Chunking))
            return Outcome(VerdictStatus.Unknown, OutcomeScope.Backend, 0, "", NoChunking, ProbeStage.Bdat, route, target);
        if (!TryPrepare(address, target == ProbeTarget.Eod ? [] : SenderNow(), out string? impossible))
            return Outcome(VerdictStatus.Unknown, OutcomeScope.Address, 0, "", impossible, ProbeStage.Rcpt, route, target);
        Probes++;
        bool whole = false;
        try
        {
            _connection.SetDeadline(deadline);
            _inTransaction = true;
            SmtpReply mail = await AskAsync(ProbeStage.Mail);
            if (!mail.IsPositive)
            {
                whole = true;
                Errors++;
                return Judge(mail, ProbeStage.Mail, address, route, target);
            }

            _connection.Output.Write(_rcptTo.WrittenSpan);
            SmtpReply reply = await AskAsync(ProbeStage.Rcpt);
            ProbeStage stage = ProbeStage.Rcpt;
            if (reply.IsPositive && target != ProbeTarget.Rcpt)
                (reply, stage) = target == ProbeTarget.Bdat ? await AskChunkAsync() : await AskDataAsync(route, target);
            whole = true;
            if (stage == ProbeStage.Data && reply.Code == StartMailInput)
                return Invited(reply, route, target);
            if (!reply.IsPositive)
                Errors++;
            return Judge(reply, stage, address, route, target);
        }
        finally
        {
            if (!whole)
                IsUsable = false;
        }
    }

    /// <summary>Gives up the mail transaction, if there is one. Anything but a plain yes makes the session unusable.</summary>
    public async ValueTask ResetAsync()
    {
        if (!IsUsable || !_inTransaction)
            return;
        bool reset = false;
        try
        {
            SmtpCommandWriter.WriteRset(_connection.Output);
            SmtpReply reply = await AskAsync(ProbeStage.Rcpt);
            reset = reply.IsPositive && !_connection.HasLeftover;
            _connection.SetDeadline(Timeout.InfiniteTimeSpan);
            _inTransaction = false;
        }
        catch (SmtpConversationException)
        {
            // The verdict is given already; only the session is lost, and IsUsable says so.
        }
        finally
        {
            IsUsable = reset;
        }
    }

    /// <summary>
    /// Takes leave politely, within a second, and waits until the server has closed its side: only then does the server
    /// no longer count this session against its limit.
    /// </summary>
    public async Task QuitAsync()
    {
        try
        {
            if (!IsUsable)
                return;
            _connection.SetDeadline(TimeSpan.FromSeconds(1));
            SmtpCommandWriter.WriteQuit(_connection.Output);
            await AskAsync(ProbeStage.None);
            await _connection.ReadReplyAsync(ProbeStage.None);
        }
        catch (SmtpConversationException)
        {
            // The end of the connection is what was waited for.
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        IsUsable = false;
        _connection.Dispose();
    }

    private static async Task<EhloCapabilities> GreetAsync(SmtpConnection connection, byte[] helo)
    {
        if (!SmtpCommandWriter.TryWriteEhlo(connection.Output, helo, out WireError error))
            throw new SmtpConversationException(ProbeStage.Ehlo, $"the configured helo name cannot be sent: {error}");
        await connection.SendAsync(ProbeStage.Ehlo);
        SmtpReply reply = await connection.ReadReplyAsync(ProbeStage.Ehlo);
        if (reply.IsPositive)
            return EhloCapabilities.Parse(reply);
        if (!reply.IsPermanent)
            Demand(reply, ProbeStage.Ehlo);
        SmtpCommandWriter.TryWriteHelo(connection.Output, helo, out _);
        await connection.SendAsync(ProbeStage.Ehlo);
        Demand(await connection.ReadReplyAsync(ProbeStage.Ehlo), ProbeStage.Ehlo);
        return EhloCapabilities.None;
    }

    private static async Task StartTlsAsync(SmtpConnection connection, TlsClient tls)
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
    private static async Task<EhloCapabilities> GreetUnderTlsAsync(SmtpConnection connection, byte[] helo)
    {
        try
        {
            return await GreetAsync(connection, helo);
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

    /// <summary>
    /// Writes both commands, MAIL for sending and RCPT aside: what SMTP cannot carry is found before the socket is touched.
    /// </summary>
    private bool TryPrepare(RecipientAddress address, ReadOnlySpan<byte> sender, [NotNullWhen(false)] out string? impossible)
    {
        bool smtpUtf8 = address.LocalPart.Span.ContainsAnyExceptInRange((byte)0x00, (byte)0x7f);
        if (smtpUtf8 && !_capabilities.Has(EhloExtensions.SmtpUtf8))
        {
            impossible = "the server does not offer SMTPUTF8, which this address needs";
            return false;
        }

        _rcptTo.ResetWrittenCount();
        if (!SmtpCommandWriter.TryWriteRcptTo(_rcptTo, address.LocalPart.Span, address.Domain.Span, smtpUtf8, out WireError error))
            impossible = error == WireError.CommandTooLong ? "the address is too long for SMTP" : "the address has a byte that SMTP cannot carry";
        else if (!SmtpCommandWriter.TryWriteMailFrom(_connection.Output, sender, smtpUtf8, size: 0, SmtpBodyType.Unspecified, out error))
            impossible = $"the configured probe sender cannot be sent: {error}";
        else
            impossible = null;
        return impossible is null;
    }

    private byte[] SenderNow() => _settings.ProbeSender.IsConstant
        ? _constantSender
        : Encoding.UTF8.GetBytes(_settings.ProbeSender.SenderAt(_time.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>A first chunk that is not the last one: whatever the reply, no message comes of it (RFC 3030 section 2).</summary>
    private async ValueTask<(SmtpReply Reply, ProbeStage Stage)> AskChunkAsync()
    {
        ProbeMessage.WriteChunk(_connection.Output);
        return (await AskAsync(ProbeStage.Bdat), ProbeStage.Bdat);
    }

    /// <summary>DATA, and at <see cref="ProbeTarget.Eod"/> a message behind a 354.</summary>
    private async ValueTask<(SmtpReply Reply, ProbeStage Stage)> AskDataAsync(Route route, ProbeTarget target)
    {
        SmtpCommandWriter.WriteData(_connection.Output);
        SmtpReply data = await AskAsync(ProbeStage.Data);
        if (target != ProbeTarget.Eod || data.Code != StartMailInput)
            return (data, ProbeStage.Data);
        _connection.HideFromTranscript(route.EodSecret);
        ProbeMessage.Write(_connection.Output, _settings.Helo, ExternalForm(), route.EodSecret, _time.GetUtcNow(), Guid.NewGuid());
        return (await AskAsync(ProbeStage.EndOfData), ProbeStage.EndOfData);
    }

    private async ValueTask<SmtpReply> AskAsync(ProbeStage stage)
    {
        await _connection.SendAsync(stage);
        SmtpReply reply = await _connection.ReadReplyAsync(stage);
        if (reply.Code == 421)
            IsUsable = false;
        return reply;
    }

    /// <summary>354: the server waits for a message. It gets none; the connection is dropped without a dot, as Postfix does.</summary>
    private ProbeOutcome Invited(SmtpReply reply, Route route, ProbeTarget target)
    {
        IsUsable = false;
        return Outcome(VerdictStatus.Deliverable, OutcomeScope.Address, reply.Code, EnhancedOf(reply), reply.Text, ProbeStage.Data, route, target);
    }

    private ProbeOutcome Judge(SmtpReply reply, ProbeStage stage, RecipientAddress address, Route route, ProbeTarget target)
    {
        string enhanced = EnhancedOf(reply);
        bool outOfStep = reply.IsIntermediate || (reply.IsPositive && stage == ProbeStage.Data); // DATA is answered by 354 or a refusal
        if (outOfStep)
        {
            IsUsable = false;
            return Outcome(VerdictStatus.Unknown, OutcomeScope.Backend, reply.Code, enhanced, reply.Text, stage, route, target);
        }

        if (reply.IsPositive)
            return Outcome(VerdictStatus.Deliverable, OutcomeScope.Address, reply.Code, enhanced, reply.Text, stage, route, target);

        ReplyCategory category = ReplyClassifier.Classify(reply.Code, enhanced, WithoutAddress(reply.Text, address), stage, route.ReplyRules);
        bool aboutAddress = category is ReplyCategory.UserUnknown or ReplyCategory.MailboxExists
            || (category == ReplyCategory.Temporary && stage >= ProbeStage.Rcpt && reply.Code != 421);
        return Outcome(
            ReplyClassifier.StatusOf(category), aboutAddress ? OutcomeScope.Address : OutcomeScope.Backend, reply.Code, enhanced, reply.Text, stage, route, target);
    }

    /// <summary>
    /// A server that repeats the address must not have its words confused with the address's: taken out are its external
    /// form, its canonical form, what else stands in angle brackets, and a local part that can hold several words.
    /// </summary>
    private string WithoutAddress(string text, RecipientAddress address)
    {
        text = text.Replace(ExternalForm(), "", StringComparison.OrdinalIgnoreCase).Replace(address.ToString(), "", StringComparison.OrdinalIgnoreCase);
        if (!SmtpAddress.IsDotString(address.LocalPart.Span))
            text = text.Replace(Encoding.UTF8.GetString(address.LocalPart.Span), "", StringComparison.OrdinalIgnoreCase);
        int open = text.IndexOf('<', StringComparison.Ordinal);
        int close = text.IndexOf('>', StringComparison.Ordinal);
        if (open >= 0 && close > open)
            text = text.Remove(open, close - open + 1);
        return text;
    }

    /// <summary>The address as it went out: between the angle brackets of RCPT.</summary>
    private string ExternalForm()
    {
        ReadOnlySpan<byte> command = _rcptTo.WrittenSpan;
        return Encoding.UTF8.GetString(command[(command.IndexOf((byte)'<') + 1)..command.LastIndexOf((byte)'>')]);
    }

    private ProbeOutcome Outcome(VerdictStatus status, OutcomeScope scope, int code, string enhanced, string text, ProbeStage stage, Route route, ProbeTarget target) =>
        new(status, scope, new ProbeReply(code, enhanced, WithoutSecret(text, route), _server.Name, target, stage, route.Name));

    /// <summary>A server may repeat a header that it did not like.</summary>
    private static string WithoutSecret(string text, Route route) =>
        route.EodSecret.Length == 0 ? text : text.Replace(route.EodSecret, "***", StringComparison.OrdinalIgnoreCase);

    private static string EnhancedOf(SmtpReply reply) => reply.Enhanced.IsNone ? "" : reply.Enhanced.ToString();
}
