using Microsoft.Extensions.Logging;

namespace RcptVerify.Telemetry;

/// <summary>
/// One answer to a caller as one log line:
/// <c>instance=… sender=&lt;…&gt; recipient=&lt;…&gt; verdict=… from=… stage=… server=… reply="…" delay=… client=…</c>.
/// Written without allocation, since a dictionary attack makes thousands a second: that is why it does not go through
/// a generated logging method, whose formatter makes a string.
/// <para>
/// Each field has a limit of its own, in bytes as written, so that an endless sender does not push the verdict out of the
/// line; together with our own words they fit in <see cref="LogWriter.MaxLineBytes"/>.
/// </para>
/// </summary>
public readonly struct DecisionLine
{
    private const int MaxAddress = 480;
    private const int MaxReply = 440;
    private const int MaxServer = 260;
    private const int MaxEnhanced = 16;
    private const int MaxToken = 64;

    /// <summary>
    /// The map asked, where the question came through a look-up table: the line then begins with it, and has neither instance,
    /// sender nor client, which a table is not told.
    /// </summary>
    public ReadOnlyMemory<byte> Map { get; init; }

    /// <summary>The policy protocol's <c>instance</c>, or empty.</summary>
    public ReadOnlyMemory<byte> Instance { get; init; }

    /// <summary>The envelope sender; empty for the null sender.</summary>
    public ReadOnlyMemory<byte> Sender { get; init; }

    /// <summary>The recipient as asked for.</summary>
    public ReadOnlyMemory<byte> Recipient { get; init; }

    /// <summary>The SMTP client's address, or empty.</summary>
    public ReadOnlyMemory<byte> Client { get; init; }

    /// <summary>deliverable, undeliverable, unknown, no_route.</summary>
    public string Verdict { get; init; }

    /// <summary>cache, stale, probe, always_accept, address.</summary>
    public string From { get; init; }

    /// <summary>What is special about the verdict: accept_all; null for nothing.</summary>
    public string? Mark { get; init; }

    /// <summary>The SMTP stage of the reply; null where nothing was ever asked.</summary>
    public string? Stage { get; init; }

    /// <summary>The server asked, or null.</summary>
    public string? Server { get; init; }

    /// <summary>Code of the server's reply; 0 for none.</summary>
    public int Code { get; init; }

    /// <summary>Enhanced code of the server's reply, or empty.</summary>
    public string? Enhanced { get; init; }

    /// <summary>Text of the server's reply, or what happened in its place.</summary>
    public string? Reply { get; init; }

    /// <summary>Time from question to answer.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A dry run: the caller was told to go on.</summary>
    public bool DryRun { get; init; }

    /// <summary>Logs the line.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="level">Information for refusals, unknowns and probes; Debug for accepted recipients out of the cache.</param>
    public void WriteTo(ILogger logger, LogLevel level)
    {
        ArgumentNullException.ThrowIfNull(logger);
        logger.Log(level, new EventId(EventIds.Decision, "Decision"), this, null, static (line, _) => line.ToString());
    }

    internal void Format(ref LineBuilder line)
    {
        if (Map.IsEmpty)
        {
            line.Append("instance="u8);
            line.AppendEscaped(Instance.Span, token: true, MaxToken);
            line.Append(" sender=<"u8);
            line.AppendEscaped(Sender.Span, most: MaxAddress);
            line.Append(">"u8);
        }
        else
        {
            line.Append("map="u8);
            line.AppendEscaped(Map.Span, token: true, MaxToken);
        }

        line.Append(" recipient=<"u8);
        line.AppendEscaped(Recipient.Span, most: MaxAddress);
        line.Append("> verdict="u8);
        line.Append(Verdict);
        line.Append(" from="u8);
        line.Append(From);
        if (Mark is not null)
        {
            line.Append(" mark="u8);
            line.Append(Mark);
        }

        if (Stage is not null)
        {
            line.Append(" stage="u8);
            line.Append(Stage);
        }

        if (!string.IsNullOrEmpty(Server))
        {
            line.Append(" server="u8);
            line.AppendEscaped(Server, token: true, MaxServer);
        }

        if (Reply is not null)
            FormatReply(ref line);
        line.Append(" delay="u8);
        line.AppendSeconds(Delay);
        if (Map.IsEmpty)
        {
            line.Append(" client="u8);
            line.AppendEscaped(Client.Span, token: true, MaxToken);
        }

        if (DryRun)
            line.Append(" dry_run=yes"u8);
    }

    /// <summary>The line as text, for loggers other than ours.</summary>
    public override string ToString()
    {
        Span<byte> buffer = stackalloc byte[LogWriter.MaxLineBytes];
        LineBuilder line = new(buffer);
        Format(ref line);
        return System.Text.Encoding.UTF8.GetString(line.Line);
    }

    private void FormatReply(ref LineBuilder line)
    {
        line.Append(" reply=\""u8);
        if (Code != 0)
        {
            Span<byte> code = stackalloc byte[12];
            Code.TryFormat(code, out int digits, provider: System.Globalization.CultureInfo.InvariantCulture);
            line.Append(code[..digits]);
            line.Append(" "u8);
        }

        if (!string.IsNullOrEmpty(Enhanced))
        {
            line.AppendEscaped(Enhanced, most: MaxEnhanced);
            line.Append(" "u8);
        }

        line.AppendEscaped(Reply!, most: MaxReply);
        line.Append("\""u8);
    }
}
