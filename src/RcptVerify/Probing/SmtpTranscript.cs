using System.Text;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>The dialogue of a probe in swaks' notation: <c> -&gt;</c> sent, <c>&lt;-</c> received, <c>&lt;**</c> a refusal, <c>===</c> remarks.</summary>
public sealed class SmtpTranscript
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _secrets = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Shows <c>***</c> in place of a secret in all that is noted from now on.</summary>
    /// <param name="secret">Not empty.</param>
    public void Hide(string secret)
    {
        lock (_lock)
        {
            if (!_secrets.Contains(secret))
                _secrets.Add(secret);
        }
    }

    /// <summary>Notes a remark.</summary>
    /// <param name="text">Printable text.</param>
    public void Remark(string text) => Add("=== " + text);

    /// <summary>Notes commands sent.</summary>
    /// <param name="commands">One or more lines as they go out.</param>
    public void Sent(ReadOnlySpan<byte> commands)
    {
        foreach (string line in Encoding.UTF8.GetString(commands).TrimEnd('\r', '\n').Split("\r\n"))
            Add(" -> " + line);
    }

    /// <summary>Notes a reply.</summary>
    /// <param name="reply">The reply, whose lines are printable.</param>
    public void Received(SmtpReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        string mark = reply.Code < 400 ? "<-  " : "<** ";
        foreach (string line in reply.Lines)
            Add(mark + line);
    }

    private void Add(string line)
    {
        lock (_lock)
            _lines.Add(_secrets.Aggregate(line, (shown, secret) => shown.Replace(secret, "***", StringComparison.OrdinalIgnoreCase)));
    }
}
