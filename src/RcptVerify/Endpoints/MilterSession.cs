using System.Buffers;
using System.Net;
using System.Text;
using RcptVerify.Wire;
using RcptVerify.Wire.Milter;

namespace RcptVerify.Endpoints;

/// <summary>
/// What a milter connection has been told and must remember: the client, the sender, the recipient asked about. Buffers are made
/// once per connection; what does not fit in them is not kept. Not thread-safe.
/// </summary>
internal sealed class MilterSession
{
    // RFC 5321 section 4.5.3.1.3: a path has at most 256 octets. The longest address ever asked about has 320; quoting may double it.
    private const int MaxPathBytes = 1024;
    private const int MaxTokenBytes = 64;

    // "[name]:port" with a name of 253 has 261; what is longer names no host.
    private const int MaxNextHopBytes = 264;
    private const int MaxDomainBytes = 256;

    private readonly byte[] _path = new byte[MaxPathBytes];
    private readonly byte[] _recipient = new byte[MaxPathBytes];
    private readonly byte[] _sender = new byte[MaxPathBytes];
    private readonly byte[] _client = new byte[MaxTokenBytes];
    private readonly byte[] _queueId = new byte[MaxTokenBytes];
    private readonly byte[] _nextHop = new byte[MaxNextHopBytes];
    private readonly byte[] _resolvedDomain = new byte[MaxDomainBytes];
    private byte[] _scratch = [];
    private int _pathLength;
    private int _recipientLength;
    private int _senderLength;
    private int _clientLength;
    private int _queueIdLength;
    private int _nextHopLength;
    private int _toldHopLength;
    private int _toldDomainLength;
    private bool _toldMailer = true;
    private bool _clientIsFirm;
    private bool _answered;
    private CollectedMessage? _message;
    private MilterState _state = MilterState.Opened;
    private MilterProtocol _protocol;

    /// <summary>The SMTP client's address as text; empty where it has none.</summary>
    public ReadOnlyMemory<byte> Client => _client.AsMemory(0, _clientLength);

    /// <summary>The same, parsed.</summary>
    public IPAddress? ClientAddress { get; private set; }

    /// <summary>The queue id, once Postfix has one (macro <c>i</c>: from the first accepted recipient on).</summary>
    public ReadOnlyMemory<byte> QueueId => _queueId.AsMemory(0, _queueIdLength);

    /// <summary>Whether the client has authenticated himself (macro <c>{auth_authen}</c>).</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>The sender, internal form; empty for the null sender.</summary>
    public ReadOnlyMemory<byte> Sender => _sender.AsMemory(0, _senderLength);

    /// <summary>The recipient, internal form.</summary>
    public ReadOnlyMemory<byte> Recipient => _recipient.AsMemory(0, _recipientLength);

    /// <summary>Whether the recipient has a domain.</summary>
    public bool RecipientHasDomain { get; private set; }

    /// <summary>Whether the recipient could be read; where not, <see cref="Recipient"/> is empty.</summary>
    public bool RecipientIsReadable { get; private set; }

    /// <summary>The recipient as the SMTP client wrote it, without angle brackets.</summary>
    public ReadOnlyMemory<byte> Path => _path.AsMemory(0, _pathLength);

    /// <summary>
    /// Where Postfix would send the recipient's mail (macro <c>{rcpt_host}</c>). Empty where it did not say so for this recipient, would
    /// not send it by SMTP (<c>{rcpt_mailer}</c>), or means a recipient of another domain (<c>{rcpt_addr}</c>).
    /// </summary>
    public ReadOnlyMemory<byte> NextHop => _nextHop.AsMemory(0, _nextHopLength);

    /// <summary>Whether messages are answered at DATA: settled when the connection opened.</summary>
    public bool AtData { get; private set; }

    /// <summary>The message's recipients, where it is answered at DATA.</summary>
    public CollectedMessage Message => _message ??= new();

    /// <summary>What goes into the log for the recipient.</summary>
    public ReadOnlyMemory<byte> LoggedRecipient => RecipientIsReadable ? Recipient : Path;

    /// <summary>Takes a frame.</summary>
    /// <param name="command">Its command.</param>
    /// <param name="data">Its data.</param>
    /// <param name="atData">Whether a connection that opens now is to answer messages at DATA.</param>
    /// <param name="answer">What is to be said.</param>
    /// <param name="options">What was settled, with <see cref="MilterCommand.Negotiate"/>.</param>
    /// <returns>What is wrong with it; the connection is to be closed then.</returns>
    public WireError Take(MilterCommand command, in ReadOnlySequence<byte> data, bool atData, out MilterAnswer answer, out MilterOptions options)
    {
        options = default;
        if (!MilterStates.TryTake(ref _state, command, _protocol, out answer))
            return WireError.MilterUnexpectedCommand;
        WireError error = WireError.None;
        switch (command)
        {
            case MilterCommand.Negotiate:
                if (MilterOptions.TryRead(Contiguous(data), out MilterOptions offer, out error) == OperationStatus.Done)
                {
                    AtData = atData;
                    options = offer.Answer(atData);
                    _protocol = options.Protocol;
                }

                break;
            case MilterCommand.Macro:
                error = TakeMacros(Contiguous(data));
                break;
            case MilterCommand.Connect:
                if (MilterFields.TryReadConnect(Contiguous(data), out ReadOnlySpan<byte> address, out error) == OperationStatus.Done)
                    SetClient(address, firm: !address.IsEmpty);
                break;
            case MilterCommand.Mail:
                error = TakeSender(Contiguous(data));
                break;
            case MilterCommand.Rcpt:
                error = TakeRecipient(Contiguous(data));
                TakeNextHop();
                break;
            case MilterCommand.Data when AtData:
                answer = MilterAnswer.Message;
                _answered = true;
                break;
            case MilterCommand.EndOfBody when AtData && !_answered: // before version 4 there is no DATA
                answer = MilterAnswer.Message;
                break;
            case MilterCommand.Abort:
            case MilterCommand.EndOfBody:
                EndTransaction();
                break;
            case MilterCommand.QuitNewConnection:
                EndTransaction();
                SetClient(default, firm: false);
                break;
        }

        return error;
    }

    /// <summary>Releases what only a large frame needed.</summary>
    public void Trim()
    {
        const int Kept = 4 * 1024;
        if (_scratch.Length > Kept)
            _scratch = [];
    }

    /// <summary>The message was refused at DATA: its transaction is still open, and may go on with RCPT.</summary>
    public void RefuseData()
    {
        _state = MilterState.Envelope;
        _answered = false;
    }

    /// <summary>Forgets the transaction.</summary>
    public void EndTransaction()
    {
        _message?.Clear();
        _answered = false;
        _queueIdLength = 0;
        _senderLength = 0;
        _recipientLength = 0;
        _pathLength = 0;
        _nextHopLength = 0;
        ForgetRecipientMacros();
        IsAuthenticated = false;
    }

    private WireError TakeMacros(ReadOnlySpan<byte> data)
    {
        MilterMacros macros = new(data, MilterLimits.Default);
        WireError error;
        if (macros.Command == MilterCommand.Rcpt)
            ForgetRecipientMacros();
        while (macros.Next(out error) == OperationStatus.Done)
        {
            if (macros.Name.SequenceEqual("i"u8))
                _queueIdLength = Keep(macros.Value, _queueId);
            else if (macros.Name.SequenceEqual("auth_authen"u8))
                IsAuthenticated = !macros.Value.IsEmpty;
            else if (macros.Name.SequenceEqual("client_addr"u8) && !_clientIsFirm)
                SetClient(macros.Value.StartsWith("IPv6:"u8) ? macros.Value["IPv6:"u8.Length..] : macros.Value, firm: false);
            else if (macros.Command == MilterCommand.Rcpt)
                TakeRecipientMacro(macros.Name, macros.Value);
        }

        return error;
    }

    private void TakeRecipientMacro(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("rcpt_host"u8))
            _toldHopLength = Keep(value, _nextHop);
        else if (name.SequenceEqual("rcpt_addr"u8))
            _toldDomainLength = Keep(DomainOf(value), _resolvedDomain);
        else if (name.SequenceEqual("rcpt_mailer"u8))
            _toldMailer = IsSmtp(value);
    }

    /// <summary>
    /// Postfix's transports that are not its SMTP client; the others are named by whoever wrote master.cf. Their next hops are rarely
    /// hosts; those of lmtp are, and do not speak SMTP.
    /// </summary>
    private static bool IsSmtp(ReadOnlySpan<byte> mailer) => !(mailer.SequenceEqual("error"u8) || mailer.SequenceEqual("retry"u8)
        || mailer.SequenceEqual("discard"u8) || mailer.SequenceEqual("local"u8) || mailer.SequenceEqual("virtual"u8)
        || mailer.SequenceEqual("lmtp"u8));

    /// <summary>Macros hold for the one recipient that follows them.</summary>
    private void TakeNextHop()
    {
        // Postfix resolves "user%other@here" to another domain's recipient: that one's server knows nothing of this address.
        _nextHopLength = _toldMailer && (_toldDomainLength == 0 || IsSame(_resolvedDomain.AsSpan(0, _toldDomainLength), DomainOf(Recipient.Span))) ? _toldHopLength : 0;
        ForgetRecipientMacros();
    }

    private void ForgetRecipientMacros()
    {
        _toldHopLength = 0;
        _toldDomainLength = 0;
        _toldMailer = true;
    }

    private static ReadOnlySpan<byte> DomainOf(ReadOnlySpan<byte> address) => address[(address.LastIndexOf((byte)'@') + 1)..];

    private static bool IsSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => one.SequenceEqual(other) || Ascii.EqualsIgnoreCase(one, other);

    private void SetClient(ReadOnlySpan<byte> address, bool firm)
    {
        if (!firm && _clientIsFirm && !address.IsEmpty)
            return;
        _clientLength = Keep(address, _client);
        _clientIsFirm = firm;
        ClientAddress = _clientLength > 0 && IPAddress.TryParse(Encoding.Latin1.GetString(address[.._clientLength]), out IPAddress? parsed) ? parsed : null;
    }

    private WireError TakeSender(ReadOnlySpan<byte> data)
    {
        // A sender that cannot be read, or is too long, is nobody's own probe: that is all it is needed for.
        if (MilterFields.TryReadPath(data, out ReadOnlySpan<byte> path, out WireError error) == OperationStatus.Done
            && MilterPath.TryUnquote(path, _sender, out _senderLength, out _, out _) != OperationStatus.Done)
        {
            _senderLength = 0;
        }

        return error;
    }

    private WireError TakeRecipient(ReadOnlySpan<byte> data)
    {
        if (MilterFields.TryReadPath(data, out ReadOnlySpan<byte> path, out WireError error) != OperationStatus.Done)
            return error;
        RecipientIsReadable = MilterPath.TryUnquote(path, _recipient, out _recipientLength, out bool hasDomain, out _) == OperationStatus.Done;
        RecipientHasDomain = hasDomain;
        path = MilterPath.WithoutBrackets(path);
        _pathLength = Math.Min(path.Length, _path.Length);
        path[.._pathLength].CopyTo(_path);
        return error;
    }

    /// <summary>The value where it fits: half an address or id would be another one.</summary>
    private static int Keep(ReadOnlySpan<byte> value, byte[] destination)
    {
        if (value.Length > destination.Length)
            return 0;
        value.CopyTo(destination);
        return value.Length;
    }

    private ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> data)
    {
        if (data.IsSingleSegment)
            return data.FirstSpan;
        int length = (int)data.Length;
        if (_scratch.Length < length)
            _scratch = new byte[Math.Max(length, 1024)];
        data.CopyTo(_scratch);
        return _scratch.AsSpan(0, length);
    }
}
