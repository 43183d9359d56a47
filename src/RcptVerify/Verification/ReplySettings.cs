using System.Text;

namespace RcptVerify.Verification;

/// <summary>What Postfix does with a verdict that is not there: its <c>tempfail_action</c>.</summary>
public enum TempfailAction : byte
{
    /// <summary>4xx unless a later restriction refuses for good: Postfix's default for unverified recipients.</summary>
    DeferIfPermit,

    /// <summary>4xx at once.</summary>
    Defer,

    /// <summary>Let later restrictions decide.</summary>
    Dunno,
}

/// <summary>A refusal in parts, for doors that say the recipient in it as Postfix does.</summary>
/// <param name="Code">400 to 599.</param>
/// <param name="Enhanced">The enhanced status code; empty for none.</param>
/// <param name="Text">What stands behind the recipient.</param>
public sealed record RefusalReply(int Code, ReadOnlyMemory<byte> Enhanced, ReadOnlyMemory<byte> Text)
{
    /// <summary>Splits a reply such as <c>550 5.1.1 User unknown</c>; <c>Recipient address rejected</c> is what Postfix puts before it.</summary>
    /// <param name="reply">Code, enhanced code if it has one, text.</param>
    public static RefusalReply Parse(string reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        string[] parts = reply.Split(' ', 3);
        bool enhanced = parts.Length > 1 && parts[1].Split('.') is { Length: 3 } numbers && numbers.All(n => n.Length is > 0 and < 4 && n.All(char.IsAsciiDigit));
        string text = enhanced ? string.Join(' ', parts[2..]) : string.Join(' ', parts[1..]);
        return new(
            int.Parse(parts[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture),
            enhanced ? Encoding.ASCII.GetBytes(parts[1]) : default,
            Encoding.UTF8.GetBytes("Recipient address rejected: " + text));
    }
}

/// <summary>The texts callers are told, prepared once as bytes. They never name a backend.</summary>
public sealed class ReplySettings
{
    /// <summary>The text behind a 4xx.</summary>
    public const string TempfailText = "4.3.0 Recipient cannot be verified at the moment, please try again later";

    /// <summary>The text where a message is not taken because some of its recipients do not exist.</summary>
    public const string MixedText = "Some recipients of this message do not exist";

    private const string MixedDeferText = "4.1.1 " + MixedText + ", please send it again to learn which";

    /// <summary>Creates the settings.</summary>
    /// <param name="unknownUser">Reply to an unknown user: code, enhanced code, text. Default "550 5.1.1 User unknown".</param>
    /// <param name="tempfail">What is said where the verdict is unknown.</param>
    /// <param name="dryRun">Every door accepts; the log says what would have been said.</param>
    public ReplySettings(string unknownUser, TempfailAction tempfail, bool dryRun)
    {
        ArgumentNullException.ThrowIfNull(unknownUser);
        UnknownUser = unknownUser;
        Tempfail = tempfail;
        DryRun = dryRun;
        RefuseAction = Encoding.UTF8.GetBytes(unknownUser);
        TempfailActionBytes = Encoding.UTF8.GetBytes(tempfail switch
        {
            TempfailAction.Defer => "DEFER " + TempfailText,
            TempfailAction.Dunno => "DUNNO",
            _ => "DEFER_IF_PERMIT " + TempfailText,
        });
        Refusal = RefusalReply.Parse(unknownUser);
        MixedRefusal = Refusal with { Text = Encoding.UTF8.GetBytes(MixedText) };
        string enhanced = Encoding.ASCII.GetString(Refusal.Enhanced.Span);
        // The refusals have to be known when the message comes again, whatever is wished for the unknown.
        string defer = tempfail == TempfailAction.Defer ? "DEFER " : "DEFER_IF_PERMIT ";
        MixedDeferAction = Encoding.UTF8.GetBytes(defer + MixedDeferText);
        MixedRefuseAction = Encoding.UTF8.GetBytes($"{Refusal.Code} {enhanced}{(enhanced.Length > 0 ? " " : "")}{MixedText}");
    }

    /// <summary>The defaults of the configuration.</summary>
    public static ReplySettings Default { get; } = new("550 5.1.1 User unknown", TempfailAction.DeferIfPermit, dryRun: false);

    /// <summary>Reply to an unknown user.</summary>
    public string UnknownUser { get; }

    /// <summary>What is said where the verdict is unknown.</summary>
    public TempfailAction Tempfail { get; }

    /// <summary>Whether every door accepts.</summary>
    public bool DryRun { get; }

    internal byte[] RefuseAction { get; }

    internal byte[] TempfailActionBytes { get; }

    internal RefusalReply Refusal { get; }

    /// <summary>What is said to a message with recipients of both kinds, where it is refused as a whole.</summary>
    internal byte[] MixedRefuseAction { get; }

    internal RefusalReply MixedRefusal { get; }

    /// <summary>The same where it is deferred.</summary>
    internal byte[] MixedDeferAction { get; }

    internal static RefusalReply MixedDeferral { get; } = new(451, "4.1.1"u8.ToArray(), Encoding.UTF8.GetBytes(MixedDeferText["4.1.1 ".Length..]));

    internal static RefusalReply TempfailReply { get; } = RefusalReply.Parse("451 " + TempfailText);
}
