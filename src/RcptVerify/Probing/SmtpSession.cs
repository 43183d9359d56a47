using System.Buffers;
using System.Text;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>
/// One SMTP session with one server, made for probing. A mail transaction asks about one recipient, or at target
/// <see cref="ProbeTarget.Rcpt"/> about several, and is given up with RSET. How far it goes is the probe's target: only
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
    private readonly ReplyJudge _judge;
    private readonly EhloCapabilities _capabilities;
    private readonly ProbeSettings _settings;
    private readonly byte[] _constantSender;
    private readonly TimeProvider _time;
    private Transaction _transaction;

    private SmtpSession(SmtpConnection connection, ServerEndpoint server, EhloCapabilities capabilities, ProbeSettings settings, TimeProvider time)
    {
        _connection = connection;
        _judge = new ReplyJudge(server);
        _capabilities = capabilities;
        _settings = settings;
        _constantSender = settings.ProbeSender.IsConstant ? Encoding.UTF8.GetBytes(settings.Sender) : [];
        _time = time;
        OpenedAt = time.GetTimestamp();
        IsPipelining = settings.Pipelining && capabilities.Has(EhloExtensions.Pipelining);
    }

    /// <summary>Whether another probe may use it.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Several commands may go out together: the server offers it and the route wants it.</summary>
    public bool IsPipelining { get; }

    /// <summary>Recipients named in the transaction under way.</summary>
    public int Recipients => _transaction.Recipients;

    /// <summary>A mail transaction is under way and has to be given up before the session rests.</summary>
    public bool InTransaction => _transaction.IsOpen;

    /// <summary>Refusals it has met: servers close sessions that make too many (Exchange: MaxProtocolErrors, 5).</summary>
    public int Errors { get; private set; }

    /// <summary>When it was opened, as a timestamp of the clock.</summary>
    public long OpenedAt { get; }

    /// <summary>When it was last used, as a timestamp of the clock; kept by the pool.</summary>
    public long LastUsed { get; set; }

    /// <summary>It comes from the idle ones: the server may have closed it meanwhile. Kept by the pool.</summary>
    public bool IsRested { get; set; }

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
            EhloCapabilities capabilities = await new SmtpGreeting(connection, settings).ExchangeAsync(tls, Left);
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

    /// <summary>Whether the transaction under way, if there is one, can take this probe's recipient.</summary>
    /// <param name="job">The probe.</param>
    /// <param name="mostRecipients">Recipients that one transaction may name.</param>
    public bool CanTake(ProbeJob job, int mostRecipients) => !InTransaction || _transaction.CanTake(job, mostRecipients);

    /// <summary>
    /// Asks about one recipient, in the transaction under way where there is one (<see cref="CanTake"/>). The verdict is
    /// there before the transaction is given up: see <see cref="ResetAsync"/>.
    /// </summary>
    /// <param name="job">The probe.</param>
    /// <param name="deadline">Time for it, RSET included.</param>
    /// <exception cref="SmtpConversationException">The conversation broke; the session is not usable any more.</exception>
    public async ValueTask<ProbeOutcome> ProbeAsync(ProbeJob job, TimeSpan deadline)
    {
        if (WhyNot(job) is ProbeOutcome impossible)
            return impossible;
        bool whole = false;
        try
        {
            _connection.SetDeadline(deadline);
            if (!InTransaction)
            {
                WriteMail(job);
                SmtpReply mail = await AskAsync(ProbeStage.Mail);
                if (!ReplyJudge.IsYes(mail))
                {
                    whole = true;
                    _transaction.TakesNobody = true;
                    return Judge(mail, ProbeStage.Mail, job);
                }
            }

            _transaction.Recipients++;
            WriteRcpt(job);
            SmtpReply reply = await AskAsync(ProbeStage.Rcpt);
            ProbeStage stage = ProbeStage.Rcpt;
            if (ReplyJudge.IsYes(reply) && job.Target != ProbeTarget.Rcpt)
                (reply, stage) = job.Target == ProbeTarget.Bdat ? await AskChunkAsync() : await AskDataAsync(job);
            whole = true;
            return Judge(reply, stage, job);
        }
        finally
        {
            if (!whole)
                IsUsable = false;
        }
    }

    /// <summary>
    /// Asks about several recipients in one go, at target <see cref="ProbeTarget.Rcpt"/> and where
    /// <see cref="IsPipelining"/>: MAIL, where no transaction is under way, and all RCPTs are sent together (RFC 2920).
    /// </summary>
    /// <param name="jobs">The probes, each of which <see cref="CanTake"/>.</param>
    /// <param name="deadline">Time for all of them, RSET included.</param>
    /// <param name="tell">Takes each outcome as it comes in, in order; what was not told when this throws has no answer.</param>
    /// <exception cref="SmtpConversationException">The conversation broke; the session is not usable any more.</exception>
    public async ValueTask ProbeTogetherAsync(IReadOnlyList<ProbeJob> jobs, TimeSpan deadline, Action<ProbeJob, ProbeOutcome> tell)
    {
        List<ProbeJob> asked = new(jobs.Count);
        foreach (ProbeJob job in jobs.ToArray()) // tell may take it out of the caller's list
        {
            if (WhyNot(job) is ProbeOutcome impossible)
                tell(job, impossible);
            else
                asked.Add(job);
        }

        if (asked.Count == 0)
            return;
        bool whole = false;
        try
        {
            _connection.SetDeadline(deadline);
            bool opens = !InTransaction;
            if (opens)
                WriteMail(asked[0]);
            foreach (ProbeJob job in asked)
                WriteRcpt(job);
            ProbeStage stage = opens ? ProbeStage.Mail : ProbeStage.Rcpt;
            await _connection.SendAsync(stage);
            SmtpReply? refused = null;
            if (opens && await ReadAsync(ProbeStage.Mail) is SmtpReply mail && !ReplyJudge.IsYes(mail))
                refused = mail;
            _transaction.TakesNobody = refused is not null;
            foreach (ProbeJob job in asked)
            {
                SmtpReply reply = await ReadAsync(ProbeStage.Rcpt); // behind a refused MAIL a 503 that says nothing
                _transaction.Recipients++;
                tell(job, refused is null ? Judge(reply, ProbeStage.Rcpt, job) : Judge(refused, ProbeStage.Mail, job));
            }

            whole = true;
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
        if (!IsUsable || !InTransaction)
            return;
        bool reset = false;
        try
        {
            SmtpCommandWriter.WriteRset(_connection.Output);
            SmtpReply reply = await AskAsync(ProbeStage.Rcpt);
            reset = ReplyJudge.IsYes(reply) && !_connection.HasLeftover;
            _connection.SetDeadline(Timeout.InfiniteTimeSpan);
            _transaction = default;
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

    /// <summary>What SMTP cannot carry, or this server does not offer, is found before the socket is touched.</summary>
    private ProbeOutcome? WhyNot(ProbeJob job)
    {
        if (job.Target == ProbeTarget.Bdat && !_capabilities.Has(EhloExtensions.Chunking))
            return _judge.Impossible(OutcomeScope.Backend, NoChunking, ProbeStage.Bdat, job);
        if (job.NeedsSmtpUtf8 && !_capabilities.Has(EhloExtensions.SmtpUtf8))
            return _judge.Impossible(OutcomeScope.Address, "the server does not offer SMTPUTF8, which this address needs", ProbeStage.Rcpt, job);
        if (job.Unsendable is string unsendable)
            return _judge.Impossible(OutcomeScope.Address, unsendable, ProbeStage.Rcpt, job);
        return null;
    }

    private void WriteMail(ProbeJob job)
    {
        _transaction = new Transaction { IsOpen = true, Target = job.Target, IsSmtpUtf8 = job.NeedsSmtpUtf8 };
        ReadOnlySpan<byte> sender = job.Target == ProbeTarget.Eod ? [] : SenderNow();
        if (!SmtpCommandWriter.TryWriteMailFrom(_connection.Output, sender, job.NeedsSmtpUtf8, size: 0, SmtpBodyType.Unspecified, out WireError error))
            throw new SmtpConversationException(ProbeStage.Mail, $"the configured probe sender cannot be sent: {error}");
    }

    private void WriteRcpt(ProbeJob job) => _connection.Output.Write(job.RcptTo);

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
    private async ValueTask<(SmtpReply Reply, ProbeStage Stage)> AskDataAsync(ProbeJob job)
    {
        SmtpCommandWriter.WriteData(_connection.Output);
        SmtpReply data = await AskAsync(ProbeStage.Data);
        if (job.Target != ProbeTarget.Eod || data.Code != StartMailInput)
            return (data, ProbeStage.Data);
        string secret = job.Route.EodSecret;
        _connection.HideFromTranscript(secret);
        ProbeMessage.Write(_connection.Output, _settings.Helo, ReplyJudge.ExternalForm(job.Address), secret, _time.GetUtcNow(), Guid.NewGuid());
        return (await AskAsync(ProbeStage.EndOfData), ProbeStage.EndOfData);
    }

    private async ValueTask<SmtpReply> AskAsync(ProbeStage stage)
    {
        await _connection.SendAsync(stage);
        return await ReadAsync(stage);
    }

    private async ValueTask<SmtpReply> ReadAsync(ProbeStage stage)
    {
        SmtpReply reply = await _connection.ReadReplyAsync(stage);
        if (reply.Code == 421)
            IsUsable = false;
        return reply;
    }

    private ProbeOutcome Judge(SmtpReply reply, ProbeStage stage, ProbeJob job)
    {
        if (stage == ProbeStage.Data && reply.Code == StartMailInput)
        {
            IsUsable = false; // it waits for a message, and gets none: the connection is dropped without a dot, as Postfix does
            return _judge.Invited(reply, job);
        }

        if (ReplyJudge.IsOutOfStep(reply, stage))
            IsUsable = false;
        else if (!reply.IsPositive)
            Errors++;
        return _judge.Judge(reply, stage, job);
    }

    /// <summary>The mail transaction under way.</summary>
    private struct Transaction
    {
        public bool IsOpen;
        public ProbeTarget Target;
        public bool IsSmtpUtf8;
        public int Recipients;

        /// <summary>MAIL was refused; RSET clears up all the same.</summary>
        public bool TakesNobody;

        /// <summary>An address that needs SMTPUTF8 needs a MAIL that says so (RFC 6531 section 3.4).</summary>
        public readonly bool CanTake(ProbeJob job, int most) =>
            !TakesNobody && !job.WantsOwnTransaction && Target == ProbeTarget.Rcpt && job.Target == ProbeTarget.Rcpt
            && Recipients < most && (IsSmtpUtf8 || !job.NeedsSmtpUtf8);
    }
}
