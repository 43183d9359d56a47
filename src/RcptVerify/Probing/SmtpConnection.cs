using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using RcptVerify.Telemetry;
using RcptVerify.Verification;
using RcptVerify.Wire;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>
/// The bytes of one SMTP connection: commands out, whole replies in, one deadline over both. It knows nothing of what
/// the commands mean. Not thread-safe but for the deadline, which ends a pending read by closing the socket.
/// </summary>
internal sealed class SmtpConnection : IDisposable
{
    private const int InitialBufferBytes = 1024;
    private const string Closed = "the server closed the connection";

    private readonly Socket _socket;
    private readonly ITimer _deadline;
    private readonly ArrayBufferWriter<byte> _output = new(256);
    private readonly SmtpReplyLimits _limits;
    private readonly SmtpTranscript? _transcript;
    private byte[] _input = new byte[InitialBufferBytes];
    private int _inputLength;
    private volatile bool _timedOut;
    private SslStream? _tls;
    private Task<int>? _ahead;

    private SmtpConnection(Socket socket, SmtpReplyLimits limits, TimeProvider time, SmtpTranscript? transcript)
    {
        _socket = socket;
        _limits = limits;
        _transcript = transcript;
        _deadline = time.CreateTimer(static state => ((SmtpConnection)state!).TimeOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where commands are written before <see cref="SendAsync"/>.</summary>
    public IBufferWriter<byte> Output => _output;

    /// <summary>Bytes behind the last reply: one that nobody asked for.</summary>
    public bool HasLeftover => _inputLength > 0;

    /// <summary>Something arrived, or the server closed the connection, while nobody was waiting for a reply.</summary>
    public bool HasUnexpectedInput
    {
        get
        {
            try
            {
                return FindUnaskedInput() is not null;
            }
            catch (Exception e) when (IsLoss(e))
            {
                return true;
            }
        }
    }

    /// <summary>Connects within <paramref name="timeout"/>.</summary>
    /// <exception cref="SmtpConversationException">No connection.</exception>
    public static async Task<SmtpConnection> ConnectAsync(ServerEndpoint server, TimeSpan timeout, SmtpReplyLimits limits, TimeProvider time, SmtpTranscript? transcript)
    {
        transcript?.Remark($"Trying {server.Name}...");
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource cancel = new(timeout, time);
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancel.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            string trouble = e is SocketException failed ? Describe(failed) : $"no connection within {timeout.TotalSeconds:0.###} s";
            throw new SmtpConversationException(ProbeStage.Connect, $"connect to {server.Name}: {trouble}", e);
        }

        transcript?.Remark($"Connected to {server.Name}.");
        return new SmtpConnection(socket, limits, time, transcript);
    }

    /// <summary>From now on the transcript shows <c>***</c> in place of this.</summary>
    public void HideFromTranscript(string secret) => _transcript?.Hide(secret);

    /// <summary>From now on reads and writes have this much time together; infinite for none.</summary>
    public void SetDeadline(TimeSpan timeout) => _deadline.Change(timeout, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Sends what was written to <see cref="Output"/>. Not past a reply that nobody asked for, be it read already or
    /// still with the kernel: the next reply would answer the command before.
    /// </summary>
    /// <exception cref="SmtpConversationException">The connection is gone or out of step, or the time is over.</exception>
    public async ValueTask SendAsync(ProbeStage stage)
    {
        try
        {
            if (FindUnaskedInput() is string trouble)
                throw new SmtpConversationException(stage, trouble);
            _transcript?.Sent(_output.WrittenSpan);
            ReadOnlyMemory<byte> rest = _output.WrittenMemory;
            while (_tls is null && !rest.IsEmpty)
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None)..];
            if (_tls is not null)
                await _tls.WriteAsync(rest);
            _output.ResetWrittenCount();
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Broken(stage, e);
        }
    }

    /// <summary>Reads one whole reply.</summary>
    /// <exception cref="SmtpConversationException">End of data, time out, or bytes that are no reply.</exception>
    public async ValueTask<SmtpReply> ReadReplyAsync(ProbeStage stage)
    {
        SmtpReplyScanState scan = default;
        while (true)
        {
            if (TryParse(ref scan, stage) is SmtpReply reply)
            {
                _transcript?.Received(reply);
                return reply;
            }

            if (_inputLength == _input.Length)
                Array.Resize(ref _input, _input.Length * 2); // bounded: the parser refuses what is longer than its limit
            int received;
            try
            {
                received = await ReceiveAsync();
            }
            catch (Exception e) when (IsLoss(e))
            {
                throw Broken(stage, e);
            }

            if (received == 0)
                throw new SmtpConversationException(stage, Closed);
            _inputLength += received;
        }
    }

    /// <summary>
    /// The handshake, after the server's yes to STARTTLS. What was sent in clear text behind that yes must not be taken for
    /// something said under TLS (CVE-2011-0411, from the client's side).
    /// </summary>
    /// <exception cref="SmtpConversationException">Clear text behind the reply, or the handshake failed.</exception>
    public async Task StartTlsAsync(TlsClient client)
    {
        string? refusal = null;
        try
        {
            if (_inputLength > 0 || _socket.Available > 0)
                throw new SmtpConversationException(ProbeStage.StartTls, "the server sent clear text behind its reply to STARTTLS");
            HandshakeStream transport = new(_socket);
            _tls = new SslStream(transport);
            await Task.Yield(); // off the thread that polls sockets: see HandshakeStream
            await _tls.AuthenticateAsClientAsync(client.CreateOptions(reason => refusal = reason));
            transport.HandshakeIsOver = true;
        }
        catch (Exception e) when (IsLoss(e) || e is AuthenticationException)
        {
            throw new SmtpConversationException(ProbeStage.StartTls, refusal ?? DescribeHandshake(e), e) { TimedOut = _timedOut, TlsFailed = true };
        }

        _transcript?.Remark($"TLS started with {VersionName(_tls.SslProtocol)}, cipher {_tls.NegotiatedCipherSuite}");
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _socket.Dispose();
        _tls?.Dispose();
        // A read ahead fails now; nobody waits for it.
        _ahead?.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>
    /// What is wrong where nothing should have come in; null where nothing has. Under TLS only reading tells: bytes on the
    /// socket can be the protocol's own (TLS 1.3 session tickets), and a record can lie in the stream's buffer already.
    /// A read that finds nothing stays for the next reply; what comes in behind it later is no ticket any more.
    /// </summary>
    private string? FindUnaskedInput()
    {
        const string unasked = "the server sent a reply that nobody asked for";
        if (_inputLength > 0)
            return unasked;
        bool lookAtSocket = _tls is null || _ahead is not null;
        if (_tls is not null)
            _ahead ??= _tls.ReadAsync(_input.AsMemory()).AsTask();
        if (_ahead is { IsCompleted: true })
            return _ahead.IsCompletedSuccessfully && _ahead.Result > 0 ? unasked : Closed;
        if (!lookAtSocket || !_socket.Poll(0, SelectMode.SelectRead))
            return null;
        return _socket.Available > 0 ? unasked : Closed;
    }

    private ValueTask<int> ReceiveAsync()
    {
        Memory<byte> free = _input.AsMemory(_inputLength);
        if (_tls is null)
            return _socket.ReceiveAsync(free, SocketFlags.None);
        if (_ahead is null)
            return _tls.ReadAsync(free);
        ValueTask<int> ahead = new(_ahead); // into the same place: it began when the buffer was empty
        _ahead = null;
        return ahead;
    }

    private SmtpReply? TryParse(ref SmtpReplyScanState scan, ProbeStage stage)
    {
        ReadOnlySequence<byte> buffer = new(_input, 0, _inputLength);
        OperationStatus status = SmtpReplyParser.TryParse(ref buffer, _limits, ref scan, out SmtpReply? reply, out WireError error);
        if (status == OperationStatus.NeedMoreData)
            return null;
        if (status != OperationStatus.Done)
            throw new SmtpConversationException(stage, $"not an SMTP reply: {error}");
        int left = (int)buffer.Length;
        _input.AsSpan(_inputLength - left, left).CopyTo(_input);
        _inputLength = left;
        return reply;
    }

    private void TimeOut()
    {
        _timedOut = true;
        _socket.Dispose();
    }

    private SmtpConversationException Broken(ProbeStage stage, Exception cause)
    {
        if (_timedOut)
            return new(stage, "no reply in time", cause) { TimedOut = true };
        return new(stage, (cause as SocketException ?? cause.InnerException as SocketException) is { } socket ? Describe(socket) : "the connection is closed", cause);
    }

    /// <summary>Whether the connection is lost; streams wrap a socket's exception in one of their own.</summary>
    private static bool IsLoss(Exception e) => e is SocketException or ObjectDisposedException or IOException;

    private string DescribeHandshake(Exception e)
    {
        if (_timedOut)
            return "the TLS handshake was not done in time";
        return $"the TLS handshake failed: {LogEscape.Text(e.GetBaseException() is SocketException socket ? Describe(socket) : e.GetBaseException().Message)}";
    }

    private static string VersionName(SslProtocols version) => version switch
    {
        SslProtocols.Tls13 => "TLSv1.3",
        SslProtocols.Tls12 => "TLSv1.2",
        _ => version.ToString(),
    };

    private static string Describe(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData => "host not found",
        SocketError.TryAgain => "host name lookup failed for now",
        SocketError.ConnectionReset => "connection reset by the server",
        SocketError.TimedOut => "connection timed out",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to host",
        _ => e.SocketErrorCode.ToString(),
    };
}
