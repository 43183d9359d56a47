using System.Text;

namespace RcptVerify.TestKit.Processes;

/// <summary>Stands before an SMTP server and counts: the connections made to it and the command lines sent to it.</summary>
/// <remarks>It does not understand SMTP: every line a client sends is kept, those of a message's body as well.</remarks>
public sealed class CountingProxy : IAsyncDisposable
{
    private readonly List<string> _lines = [];
    private readonly TcpLink _link;

    /// <summary>Listens on a port of its own and passes everything to the server's port on 127.0.0.1.</summary>
    public CountingProxy(int serverPort)
    {
        // Counted before it is passed on: a client that has its reply finds its command counted.
        _link = new TcpLink(serverPort, watch: () => new LineCollector(_lines).Add);
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _link.Port;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => _link.Connections;

    /// <summary>RCPT commands seen so far.</summary>
    public int Recipients => CountOf("RCPT TO:");

    /// <summary>All lines sent to the server so far, without line ends, in the order they came over all connections.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>How many lines so far begin like this, whatever the case.</summary>
    public int CountOf(string start)
    {
        lock (_lines)
        {
            return _lines.Count(line => line.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    /// <summary>Puts one connection's bytes together to lines.</summary>
    private sealed class LineCollector(List<string> lines)
    {
        private readonly StringBuilder _partial = new();

        public void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                if (b != '\n')
                {
                    _partial.Append((char)b);
                    continue;
                }

                lock (lines)
                {
                    lines.Add(_partial.ToString().TrimEnd('\r'));
                }

                _partial.Clear();
            }
        }
    }
}
