using System.Collections.Concurrent;

namespace RcptVerify.Simulation;

/// <summary>
/// What happened at the stand-in Exchange. Safe to read at any time from any thread; a command is counted, and a message recorded,
/// before its reply is sent, so a client that has the reply sees its own count.
/// </summary>
public sealed class SimulationCounters
{
    private readonly long[] _commands = new long[Enum.GetValues<SimulationVerb>().Length];
    private readonly ConcurrentDictionary<string, int> _rcptsByAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<DeliveredMessage> _delivered = new();
    private readonly Lock _connectionsLock = new();
    private long _connections;
    private int _openConnections;
    private int _maxOpenConnections;
    private long _messages;
    private long _deletedByRule;

    internal SimulationCounters()
    {
    }

    /// <summary>Connections taken since the start.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Connections open now; falls a moment after the client has closed.</summary>
    public int OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>The most connections that were open at once.</summary>
    public int MaxOpenConnections => Volatile.Read(ref _maxOpenConnections);

    /// <summary>All command lines, those not understood included; message text is no command.</summary>
    public long Commands
    {
        get
        {
            long total = 0;
            for (int verb = 0; verb < _commands.Length; verb++)
                total += Interlocked.Read(ref _commands[verb]);
            return total;
        }
    }

    /// <summary>EHLO and HELO commands.</summary>
    public long Ehlo => Of(SimulationVerb.Ehlo) + Of(SimulationVerb.Helo);

    /// <summary>STARTTLS commands, whatever the reply.</summary>
    public long StartTls => Of(SimulationVerb.StartTls);

    /// <summary>MAIL commands, whatever the reply.</summary>
    public long Mail => Of(SimulationVerb.Mail);

    /// <summary>RCPT commands, whatever the reply.</summary>
    public long Rcpt => Of(SimulationVerb.Rcpt);

    /// <summary>DATA commands, whatever the reply.</summary>
    public long Data => Of(SimulationVerb.Data);

    /// <summary>BDAT commands, whatever the reply.</summary>
    public long Bdat => Of(SimulationVerb.Bdat);

    /// <summary>RSET commands.</summary>
    public long Rset => Of(SimulationVerb.Rset);

    /// <summary>QUIT commands.</summary>
    public long Quit => Of(SimulationVerb.Quit);

    /// <summary>Lines that were no command at all: unknown verbs, bare LF, too long.</summary>
    public long Unrecognized => Of(SimulationVerb.Unrecognized);

    /// <summary>Messages accepted for delivery since the start.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Messages accepted and deleted because they carried <see cref="SimulationOptions.EodSecret"/>.</summary>
    public long MessagesDeletedByRule => Interlocked.Read(ref _deletedByRule);

    /// <summary>The last 10 000 messages accepted for delivery, oldest first; those the rule deleted are not among them.</summary>
    public IReadOnlyCollection<DeliveredMessage> DeliveredMessages => _delivered;

    /// <summary>
    /// How often each address was asked for by a well-formed RCPT, whatever the reply; case is ignored.
    /// Empty unless <see cref="SimulationOptions.RecordRecipients"/> is set.
    /// </summary>
    public IReadOnlyDictionary<string, int> RcptsByAddress => _rcptsByAddress;

    internal void Count(SimulationVerb verb) => Interlocked.Increment(ref _commands[(int)verb]);

    internal void CountRecipient(string address) => _rcptsByAddress.AddOrUpdate(address, 1, static (_, count) => count + 1);

    internal void ConnectionOpened()
    {
        lock (_connectionsLock)
        {
            _connections++;
            _openConnections++;
            _maxOpenConnections = Math.Max(_maxOpenConnections, _openConnections);
        }
    }

    internal void ConnectionClosed()
    {
        lock (_connectionsLock)
            _openConnections--;
    }

    internal void MessageDelivered(DeliveredMessage message)
    {
        _delivered.Enqueue(message);
        Interlocked.Increment(ref _messages);
        while (_delivered.Count > SimulationLimits.MaxRememberedMessages)
            _delivered.TryDequeue(out _);
    }

    internal void MessageDeletedByRule() => Interlocked.Increment(ref _deletedByRule);

    private long Of(SimulationVerb verb) => Interlocked.Read(ref _commands[(int)verb]);
}
