using System.Globalization;
using System.Text;

namespace RcptVerify.Telemetry;

/// <summary>
/// What a line begins with: <c>Nov 24 17:40:29 mx1 rcptverify[123]: </c> as Postfix's maillog_file has it, or
/// <c>&lt;6&gt;</c> where systemd's journal adds the rest (sd-daemon(3)). Not thread-safe: its writer has a lock.
/// </summary>
/// <param name="time">The clock and its time zone.</param>
/// <param name="host">Host name.</param>
/// <param name="processId">Process id.</param>
/// <param name="journal">Whether standard error is connected to the journal.</param>
public sealed class LinePrefix(TimeProvider time, string host, int processId, bool journal)
{
    /// <summary>Room for any prefix.</summary>
    public const int MaxBytes = 320;

    private readonly byte[] _prefix = new byte[MaxBytes];
    private readonly string _tail = $"{host[..Math.Min(host.Length, 255)]} rcptverify[{processId}]: ";
    private int _length;
    private long _second = -1;

    /// <summary>Writes the prefix.</summary>
    /// <param name="priority">syslog(3) priority.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>Bytes written.</returns>
    public int Write(int priority, Span<byte> destination)
    {
        if (journal)
        {
            destination[0] = (byte)'<';
            destination[1] = (byte)('0' + priority);
            destination[2] = (byte)'>';
            return 3;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (now.ToUnixTimeSeconds() != _second)
        {
            _second = now.ToUnixTimeSeconds();
            DateTimeOffset local = TimeZoneInfo.ConvertTime(now, time.LocalTimeZone);
            string text = string.Create(CultureInfo.InvariantCulture, $"{local:MMM} {local.Day,2} {local:HH:mm:ss} {_tail}");
            _length = Encoding.UTF8.GetBytes(text, _prefix);
        }

        _prefix.AsSpan(0, _length).CopyTo(destination);
        return _length;
    }
}
