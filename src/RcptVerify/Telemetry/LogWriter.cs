using System.Text;

namespace RcptVerify.Telemetry;

/// <summary>
/// Writes log lines from a thread of its own, so that a slow terminal or journal never holds up an answer. Lines are
/// copied into a buffer; where that is full they are dropped and counted, and the count is logged.
/// <para>
/// Limits: <see cref="MaxLineBytes"/> a line, <see cref="BufferBytes"/> waiting. A line waits up to
/// <see cref="Linger"/> for company.
/// </para>
/// </summary>
public sealed class LogWriter : IDisposable
{
    /// <summary>Longest line; longer ones are cut. 2048, as Postfix's postlogd has it (DEF_LINE_LIMIT).</summary>
    public const int MaxLineBytes = 2048;

    /// <summary>Room for lines not yet written: 1 MiB, five thousand lines.</summary>
    public const int BufferBytes = 1 << 20;

    /// <summary>How long a line waits for others to share its write: 10 ms.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    /// <summary>How long <see cref="Dispose"/> waits for an output that nobody reads: 1 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Kept free in the buffer for the line that tells of lost ones.</summary>
    private const int ReservedBytes = LinePrefix.MaxBytes + 128;

    private readonly Lock _lock = new();
    private readonly Stream _output;
    private readonly LinePrefix _prefix;
    private readonly ManualResetEventSlim _wanted = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _thread;
    private byte[] _filling = new byte[BufferBytes];
    private byte[] _writing = new byte[BufferBytes];
    private int _length;
    private long _lost;

    /// <summary>Starts the writer.</summary>
    /// <param name="output">Where lines go; not closed.</param>
    /// <param name="prefix">What each line begins with.</param>
    public LogWriter(Stream output, LinePrefix prefix)
    {
        _output = output;
        _prefix = prefix;
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Takes one line.</summary>
    /// <param name="priority">syslog(3) priority: 3 error, 4 warning, 6 info, 7 debug.</param>
    /// <param name="line">The line, without line feed.</param>
    public void Write(int priority, ReadOnlySpan<byte> line)
    {
        line = line[..Math.Min(line.Length, MaxLineBytes)];
        lock (_lock)
        {
            if (BufferBytes - _length < line.Length + LinePrefix.MaxBytes + 1 + ReservedBytes)
            {
                _lost++;
                return;
            }

            Append(priority, line);
        }

        if (!_wanted.IsSet)
            _wanted.Set();
    }

    /// <summary>Writes what is waiting and ends the thread; one stuck in a write is left behind, and ends with the process.</summary>
    public void Dispose()
    {
        _closing.Set();
        _wanted.Set();
        if (!_thread.Join(Patience))
            return;
        _wanted.Dispose();
        _closing.Dispose();
    }

    private void Append(int priority, ReadOnlySpan<byte> line)
    {
        _length += _prefix.Write(priority, _filling.AsSpan(_length));
        line.CopyTo(_filling.AsSpan(_length));
        _length += line.Length;
        _filling[_length++] = (byte)'\n';
    }

    private void Run()
    {
        bool last;
        do
        {
            _wanted.Wait();
            last = _closing.Wait(Linger);
            _wanted.Reset();
            int length = Swap();
            try
            {
                _output.Write(_writing, 0, length);
                _output.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // Nobody reads the log any more (a closed pipe), or the disk is full. The service goes on.
                int lines = _writing.AsSpan(0, length).Count((byte)'\n');
                lock (_lock)
                    _lost += lines;
            }
        }
        while (!last);
    }

    private int Swap()
    {
        lock (_lock)
        {
            if (_lost > 0)
            {
                Append(4, Encoding.ASCII.GetBytes($"warning: {_lost} log lines were lost: the log could not be written, or not fast enough"));
                _lost = 0;
            }

            (_filling, _writing) = (_writing, _filling);
            int length = _length;
            _length = 0;
            return length;
        }
    }
}
