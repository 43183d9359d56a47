using System.Numerics;

namespace RcptVerify.Endpoints;

/// <summary>What is remembered of a message for <see cref="DataStage"/>, by whoever may see that it is over.</summary>
internal sealed class MessageMark
{
    /// <summary>One of 64 bits, by the client's address.</summary>
    public ulong Client { get; init; }

    /// <summary>Whether a recipient passed RCPT, so that the client could go on to DATA.</summary>
    public bool Passed { get; set; }

    /// <summary>Whether it was counted.</summary>
    public bool IsOver { get; set; }
}

/// <summary>
/// Whether Postfix asks at DATA at all. Where it does not, although messages are to be answered there, everybody is let in, and nothing
/// else would tell.
/// <para>
/// A client may leave after RCPT: verification callouts, monitoring and harvesters do. So one message at DATA ends all doubt for good, and
/// what counts until then are messages that passed RCPT and are over: <see cref="MinMessages"/> of them from <see cref="MinClients"/>
/// clients or more (counted in 64 bits, so that a few may be missed), or <see cref="ManyMessages"/> from whomever.
/// </para>
/// <para>Known weakness: a restriction that goes missing later, without a restart here, is not noticed.</para>
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class DataStage(TimeProvider time)
{
    /// <summary>Messages that are enough: 20.</summary>
    public const int MinMessages = 20;

    /// <summary>Clients that they have to come from: 3. One alone may be a monitor.</summary>
    public const int MinClients = 3;

    /// <summary>Messages that are enough even from one client, as behind a relay: 200.</summary>
    public const int ManyMessages = 200;

    private readonly Lock _lock = new();
    private volatile bool _isSeen;
    private volatile bool _isDue;
    private int _messages;
    private ulong _clients;
    private long? _toldAt;

    /// <summary>Until it is told again: an hour.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromHours(1);

    /// <summary>A message has come to DATA.</summary>
    public void See()
    {
        if (!_isSeen)
            _isSeen = true;
    }

    /// <summary>A mark for a message that begins; null where none is needed.</summary>
    /// <param name="client">The client's address as text.</param>
    public MessageMark? Mark(ReadOnlySpan<byte> client)
    {
        if (_isSeen)
            return null;
        uint hash = 2166136261; // FNV-1a
        foreach (byte b in client)
            hash = (hash ^ b) * 16777619;
        return new() { Client = 1UL << (int)((hash ^ (hash >> 16)) & 63) };
    }

    /// <summary>A message is over: another one has begun where it came from, or it was quiet for too long.</summary>
    /// <param name="message">The message.</param>
    public void End(MessageMark? message)
    {
        if (_isSeen || message is not { Passed: true })
            return;
        lock (_lock)
        {
            if (message.IsOver)
                return;
            message.IsOver = true;
            _messages++;
            _clients |= message.Client;
            _isDue = _messages >= ManyMessages || (_messages >= MinMessages && BitOperations.PopCount(_clients) >= MinClients);
        }
    }

    /// <summary>Whether it is to be told now that no message comes to DATA. No lock and no allocation where it is not.</summary>
    /// <param name="messages">How many passed RCPT and went no further.</param>
    public bool MustTell(out int messages)
    {
        messages = 0;
        if (!_isDue || _isSeen)
            return false;
        lock (_lock)
        {
            if (!_isDue || (_toldAt is { } told && time.GetElapsedTime(told) < Interval))
                return false;
            _isDue = false;
            messages = _messages;
            _messages = 0;
            _clients = 0;
            _toldAt = time.GetTimestamp();
            return true;
        }
    }
}
