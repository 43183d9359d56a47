namespace RcptVerify.Verification;

/// <summary>What is known about a recipient. The numbers are part of the stored formats and never change meaning.</summary>
public enum VerdictStatus : byte
{
    /// <summary>Nobody can say now: the sender is asked to try again (4xx).</summary>
    Unknown = 0,

    /// <summary>The mail server behind Postfix accepts mail for this recipient.</summary>
    Deliverable = 1,

    /// <summary>The mail server said that there is no such user.</summary>
    Undeliverable = 2,
}

/// <summary>Where the answer to a caller came from: the <c>from=</c> field of the log.</summary>
public enum VerdictSource : byte
{
    /// <summary>From the cache, inside its times.</summary>
    Cache,

    /// <summary>From the cache, past its time, because the probe brought no answer.</summary>
    Stale,

    /// <summary>From a probe that this caller waited for.</summary>
    Probe,

    /// <summary>From the route's <c>always_accept</c> list; nothing was probed.</summary>
    AlwaysAccept,

    /// <summary>From the address alone: no route, or no address that could be asked about.</summary>
    Address,

    /// <summary>From the sender, which is that of our own probes: whoever asks is on the way to a verdict himself.</summary>
    OwnProbe,

    /// <summary>From the client's account: it has been refused too many recipients to have another one probed.</summary>
    ClientLimit,

    /// <summary>From the client, whose recipients this door is told not to refuse (<c>skip_clients</c>); nobody was asked.</summary>
    SkippedClient,

    /// <summary>From the client, who has authenticated himself (<c>skip_authenticated</c>); nobody was asked.</summary>
    Authenticated,
}

/// <summary>The SMTP command whose reply is taken as the verdict (Postfix: <c>smtp_address_verify_target</c>).</summary>
public enum ProbeTarget : byte
{
    /// <summary>Measured per server and domain.</summary>
    Auto = 0,

    /// <summary>The reply to RCPT TO.</summary>
    Rcpt = 1,

    /// <summary>The reply to DATA.</summary>
    Data = 2,

    /// <summary>The reply to a first, non-last BDAT chunk (RFC 3030).</summary>
    Bdat = 3,

    /// <summary>The reply after the final dot.</summary>
    Eod = 4,
}

/// <summary>How far a probe came: the <c>stage=</c> field of the log. The numbers are part of the stored formats.</summary>
public enum ProbeStage : byte
{
    /// <summary>No probe took place.</summary>
    None = 0,

    /// <summary>Name resolution and the TCP connection.</summary>
    Connect = 1,

    /// <summary>The server's greeting.</summary>
    Greeting = 2,

    /// <summary>EHLO or HELO.</summary>
    Ehlo = 3,

    /// <summary>STARTTLS and the handshake.</summary>
    StartTls = 4,

    /// <summary>MAIL FROM.</summary>
    Mail = 5,

    /// <summary>RCPT TO.</summary>
    Rcpt = 6,

    /// <summary>DATA.</summary>
    Data = 7,

    /// <summary>BDAT.</summary>
    Bdat = 8,

    /// <summary>The reply to the message itself.</summary>
    EndOfData = 9,
}

/// <summary>Log and JSON spellings of the enumerations, without allocation.</summary>
public static class VerdictNames
{
    /// <summary>The lower-case name of <paramref name="status"/>.</summary>
    public static string Of(VerdictStatus status) => status switch
    {
        VerdictStatus.Deliverable => "deliverable",
        VerdictStatus.Undeliverable => "undeliverable",
        _ => "unknown",
    };

    /// <summary>The lower-case name of <paramref name="outcome"/>.</summary>
    public static string Of(VerificationOutcome outcome) => outcome switch
    {
        VerificationOutcome.Deliverable => "deliverable",
        VerificationOutcome.Undeliverable => "undeliverable",
        VerificationOutcome.NoRoute => "no_route",
        _ => "unknown",
    };

    /// <summary>The lower-case name of <paramref name="outcome"/>.</summary>
    public static string Of(MessageOutcome outcome) => outcome switch
    {
        MessageOutcome.Deliverable => "deliverable",
        MessageOutcome.Undeliverable => "undeliverable",
        MessageOutcome.Mixed => "mixed",
        _ => "unknown",
    };

    /// <summary>The lower-case name of <paramref name="source"/>.</summary>
    public static string Of(VerdictSource source) => source switch
    {
        VerdictSource.Cache => "cache",
        VerdictSource.Stale => "stale",
        VerdictSource.Probe => "probe",
        VerdictSource.AlwaysAccept => "always_accept",
        VerdictSource.OwnProbe => "own_probe",
        VerdictSource.ClientLimit => "client_limit",
        VerdictSource.SkippedClient => "skip_clients",
        VerdictSource.Authenticated => "authenticated",
        _ => "address",
    };

    /// <summary>The configuration's spelling of <paramref name="target"/>.</summary>
    public static string Of(ProbeTarget target) => target switch
    {
        ProbeTarget.Rcpt => "rcpt",
        ProbeTarget.Data => "data",
        ProbeTarget.Bdat => "bdat",
        ProbeTarget.Eod => "eod",
        _ => "auto",
    };

    /// <summary>The lower-case name of <paramref name="stage"/>.</summary>
    public static string Of(ProbeStage stage) => stage switch
    {
        ProbeStage.Connect => "connect",
        ProbeStage.Greeting => "greeting",
        ProbeStage.Ehlo => "ehlo",
        ProbeStage.StartTls => "starttls",
        ProbeStage.Mail => "mail",
        ProbeStage.Rcpt => "rcpt",
        ProbeStage.Data => "data",
        ProbeStage.Bdat => "bdat",
        ProbeStage.EndOfData => "eod",
        _ => "none",
    };
}
