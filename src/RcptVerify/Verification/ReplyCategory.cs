namespace RcptVerify.Verification;

/// <summary>What a reply says about the recipient.</summary>
public enum ReplyCategory : byte
{
    /// <summary>Accepted so far.</summary>
    Accepted,

    /// <summary>There is no such user: the only category that ever refuses a mail.</summary>
    UserUnknown,

    /// <summary>Refused, but in words that prove the mailbox to exist: full, closed to strangers, message too large.</summary>
    MailboxExists,

    /// <summary>Refused for a reason that is not the recipient: relaying, blocklists, the sender, the server.</summary>
    NotAboutUser,

    /// <summary>Not now.</summary>
    Temporary,
}
