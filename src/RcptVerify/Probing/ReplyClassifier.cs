using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>
/// Tells "no such user" from every other refusal, by one table. Specific wording first, then the enhanced status code;
/// a 5xx that no row knows is nobody's verdict: a mail is never refused on doubt.
/// </summary>
public static class ReplyClassifier
{
    private const ReplyCategory Unknown = ReplyCategory.UserUnknown;
    private const ReplyCategory Exists = ReplyCategory.MailboxExists;
    private const ReplyCategory Other = ReplyCategory.NotAboutUser;

    /// <summary>The table, in the order in which it is read. For 5xx replies to RCPT and later commands.</summary>
    public static IReadOnlyList<ReplyRule> Rules { get; } =
    [
        // Wording that overrides what its enhanced code would say.
        new(Other, "Exchange Online: no connector for this source", Text: "TenantAttribution"),
        new(Other, "Exchange Online: no connector for this source", Text: "TenantInboundAttribution"),
        new(Exists, "Exchange: restricted to authenticated senders", Text: "RESOLVER.RST.AuthRequired"),
        new(Exists, "Exchange: restricted to authenticated senders", Text: "RESOLVER.RST.NotAuthorized"),
        new(Exists, "Exchange: message size of the recipient", Text: "RESOLVER.RST.RecipSizeLimit"),
        new(Unknown, "Exchange 2007 to 2013, categorizer", Text: "RESOLVER.ADR.RecipNotFound"),
        new(Unknown, "Exchange 2007 to 2013, categorizer", Text: "RESOLVER.ADR.ExRecipNotFound"),
        new(Unknown, "Exchange 2016 and later, Exchange Online", Text: "RESOLVER.ADR.RecipientNotFound"),
        new(Unknown, "Exchange Online, directory based edge blocking", "5.4.1", "Recipient address rejected: Access denied"),
        new(Other, "Postfix: reject_unauth_destination", Text: "relay access denied"),
        new(Other, "Exchange: 5.7.1 and 5.7.54", Text: "unable to relay"),
        new(Other, "Sendmail check_rcpt", Text: "relaying denied"),
        new(Other, "Exim: relaying refused in acl_smtp_rcpt", Text: "relay not permitted"),
        new(Other, "various", Text: "relaying not allowed"),
        new(Other, "blocklists, any server", Text: "blocked"),
        new(Other, "blocklists, any server", Text: "spamhaus"),
        new(Other, "blocklists, any server", Text: "blacklist"),
        new(Other, "blocklists, any server", Text: "blocklist"),
        new(Other, "blocklists, any server", Text: "block list"),
        new(Other, "Postfix and Exim: the sender is refused", Text: "sender address rejected"),
        new(Other, "Exim: sender verification", Text: "sender verify failed"),
        new(Other, "Postfix: the client is refused", Text: "client host rejected"),
        new(Other, "Postfix: the HELO name is refused", Text: "helo command rejected"),

        // Enhanced status codes, RFC 3463 and the IANA registry.
        new(Unknown, "RFC 3463 X.1.1: Exchange's Recipient Filter, Postfix, Sendmail, Dovecot LMTP, Google", "5.1.1"),
        new(Unknown, "Exchange 2016 and later, Exchange Online: recipient not found", "5.1.10"),
        new(Unknown, "RFC 3463 X.1.6: mailbox moved, no forwarding address", "5.1.6"),
        new(Other, "RFC 3463 X.1.7, X.1.8: the sender's address", "5.1.7"),
        new(Other, "RFC 3463 X.1.7, X.1.8: the sender's address", "5.1.8"),
        new(Exists, "RFC 3463 X.2.x: mailbox full, disabled, message too long for it", "5.2."),
        new(Exists, "RFC 3463 X.3.4: message too big", "5.3.4"),
        new(Exists, "Exchange Online: sender not authenticated for a group or mailbox", "5.7.133"),
        new(Exists, "Exchange Online: sender not authenticated for a mailbox", "5.7.134"),
        new(Other, "RFC 3463 X.3.x: the mail system", "5.3."),
        new(Other, "RFC 3463 X.4.x: network and routing", "5.4."),
        new(Other, "RFC 3463 X.5.x: protocol", "5.5."),
        new(Other, "RFC 3463 X.6.x: content", "5.6."),
        new(Other, "RFC 3463 X.7.x: security and policy", "5.7."),

        // No enhanced code, or one that says nothing (5.0.0, 5.1.0): the words, and 550 as the code (RFC 5321 section 4.2.3).
        new(Unknown, "Exchange, Postfix, Sendmail, Dovecot", Text: "user unknown", Code: 550),
        new(Unknown, "Exim: \"Unknown user\"", Text: "unknown user", Code: 550),
        new(Unknown, "qmail patches, Courier, Exim ACLs", Text: "no such user", Code: 550),
        new(Unknown, "Exim ACLs", Text: "no such recipient", Code: 550),
        new(Unknown, "Exim ACLs", Text: "no such address", Code: 550),
        new(Unknown, "Exim: no router took the address", Text: "unrouteable address", Code: 550),
        new(Unknown, "Dovecot LMTP: User doesn't exist", Text: "user doesn't exist", Code: 550),
        new(Unknown, "Google", Text: "account that you tried to reach does not exist", Code: 550),
        new(Unknown, "various", Text: "user does not exist", Code: 550),
        new(Unknown, "various", Text: "recipient not found", Code: 550),
        new(Unknown, "various", Text: "mailbox not found", Code: 550),
        new(Unknown, "various", Text: "unknown recipient", Code: 550),
        new(Unknown, "various", Text: "recipient unknown", Code: 550),
    ];

    /// <summary>Classifies a reply.</summary>
    /// <param name="code">SMTP reply code, 200 to 599.</param>
    /// <param name="enhanced">Its enhanced status code, or empty.</param>
    /// <param name="text">Its text.</param>
    /// <param name="stage">The command that it answers: before RCPT nothing is about the user.</param>
    /// <param name="routeRules">Rows of the route's own, read first; null for none.</param>
    public static ReplyCategory Classify(int code, string enhanced, string text, ProbeStage stage, IReadOnlyList<ReplyRule>? routeRules = null)
    {
        if (code is >= 200 and < 400)
            return ReplyCategory.Accepted;
        if (code is >= 400 and < 500)
            return ReplyCategory.Temporary;
        if (stage < ProbeStage.Rcpt)
            return ReplyCategory.NotAboutUser;
        return Find(routeRules ?? [], code, enhanced, text) ?? Find(Rules, code, enhanced, text) ?? ReplyCategory.NotAboutUser;
    }

    /// <summary>The verdict of a category.</summary>
    /// <param name="category">What the reply says.</param>
    public static VerdictStatus StatusOf(ReplyCategory category) => category switch
    {
        ReplyCategory.Accepted or ReplyCategory.MailboxExists => VerdictStatus.Deliverable,
        ReplyCategory.UserUnknown => VerdictStatus.Undeliverable,
        _ => VerdictStatus.Unknown,
    };

    private static ReplyCategory? Find(IReadOnlyList<ReplyRule> rules, int code, string enhanced, string text)
    {
        foreach (ReplyRule rule in rules)
        {
            if (rule.Matches(code, enhanced, text))
                return rule.Category;
        }

        return null;
    }
}
