using System.Globalization;

namespace RcptVerify.TestKit.Postfix;

/// <summary>How an smtp-sink(1) behaves.</summary>
/// <param name="Name">For test names and messages.</param>
/// <param name="Options">Its command line options.</param>
/// <remarks>Commands are named as smtp-sink names them: CONNECT, EHLO, HELO, MAIL, RCPT, DATA, ".", RSET, QUIT.</remarks>
public sealed record SmtpSinkMode(string Name, IReadOnlyList<string> Options)
{
    /// <summary>Takes everything and throws it away.</summary>
    public static SmtpSinkMode AcceptAll { get; } = new("accept all", []);

    /// <summary>Takes everything; each message becomes a file in a folder that user postfix may write to.</summary>
    public static SmtpSinkMode Keep(string folder) => new("keep", ["-d", folder + "/"]);

    /// <summary>Refuses a command for good.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reply">The reply, "550 5.1.1 User unknown".</param>
    public static SmtpSinkMode Refuse(string command, string reply) => new($"{reply} at {command}", ["-f", command, "-B", reply]);

    /// <summary>Refuses a command for now.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reply">The reply, "450 4.2.0 Mailbox busy".</param>
    public static SmtpSinkMode Defer(string command, string reply) => new($"{reply} at {command}", ["-r", command, "-b", reply]);

    /// <summary>Hangs up without a reply when the command comes.</summary>
    public static SmtpSinkMode HangUp(string command) => new($"hang up at {command}", ["-q", command]);

    /// <summary>Answers 421 and hangs up when the command comes.</summary>
    public static SmtpSinkMode ShutDown(string command) => new($"421 at {command}", ["-Q", command]);

    /// <summary>Replies to a command only after a while, as a tarpit does.</summary>
    public static SmtpSinkMode Delay(string command, TimeSpan by) =>
        new($"slow at {command}", ["-W", string.Create(CultureInfo.InvariantCulture, $"{command}:{(int)by.TotalSeconds}")]);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
