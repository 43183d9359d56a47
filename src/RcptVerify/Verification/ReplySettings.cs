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

/// <summary>The texts callers are told, prepared once as bytes. They never name a backend.</summary>
public sealed class ReplySettings
{
    /// <summary>The text behind a 4xx.</summary>
    public const string TempfailText = "4.3.0 Recipient cannot be verified at the moment, please try again later";

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
}
