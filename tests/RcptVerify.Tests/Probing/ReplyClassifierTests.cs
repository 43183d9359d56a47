using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

public sealed class ReplyClassifierTests
{
    private const ReplyCategory Unknown = ReplyCategory.UserUnknown;
    private const ReplyCategory Exists = ReplyCategory.MailboxExists;
    private const ReplyCategory Other = ReplyCategory.NotAboutUser;

    /// <summary>What servers say at RCPT and later, and what they mean. Code, enhanced code, text.</summary>
    public static TheoryData<int, string, string, ReplyCategory> Replies { get; } = new()
    {
        // Exchange, on premises and online: there is no such user.
        { 550, "5.1.1", "User unknown", Unknown },
        { 550, "5.1.1", "RESOLVER.ADR.RecipNotFound; not found", Unknown },
        { 550, "", "RESOLVER.ADR.RecipNotFound; not found", Unknown },
        { 550, "5.1.1", "RESOLVER.ADR.ExRecipNotFound; not found", Unknown },
        { 550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", Unknown },
        { 550, "5.1.10", "Recipient not found", Unknown },
        { 550, "5.4.1", "[]: Recipient address rejected: Access denied. AS(201806281) [DB5EUR01FT012.eop-EUR01.prod.protection.outlook.com]", Unknown },

        // Exchange: the mailbox is there.
        { 550, "5.7.1", "RESOLVER.RST.AuthRequired; authentication required", Exists },
        { 550, "5.7.1", "RESOLVER.RST.NotAuthorized; not authorized", Exists },
        { 550, "5.2.3", "RESOLVER.RST.RecipSizeLimit; message too large for this recipient", Exists },
        { 550, "5.7.133", "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", Exists },
        { 550, "5.7.134", "RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required", Exists },
        { 552, "5.2.2", "mailbox full", Exists },
        { 550, "5.2.1", "mailbox disabled, not accepting messages", Exists },
        { 552, "5.3.4", "Message size exceeds fixed maximum message size", Exists },

        // Exchange: not about the user.
        { 550, "5.7.64", "TenantAttribution; Relay Access Denied", Other },
        { 550, "", "TenantAttribution; user unknown", Other },
        { 550, "5.7.64", "TenantInboundAttribution; There is a partner connector configured", Other },
        { 550, "5.7.1", "Service unavailable, Client host [192.0.2.1] blocked using Spamhaus", Other },
        { 550, "5.7.1", "Unable to relay", Other },
        { 550, "5.7.54", "SMTP; Unable to relay recipient in non-accepted domain", Other },
        { 530, "5.7.1", "Client was not authenticated", Other },
        { 503, "5.5.2", "Need mail command", Other },
        { 554, "5.6.0", "STOREDRV.Deliver; corrupt message content", Other },
        { 554, "5.4.14", "Hop count exceeded - possible mail loop", Other },
        { 554, "5.3.0", "mail system trouble", Other },

        // Postfix.
        { 550, "5.1.1", ": Recipient address rejected: User unknown in local recipient table", Unknown },
        { 550, "5.1.1", ": Recipient address rejected: User unknown in relay recipient table", Unknown },
        { 550, "5.1.6", ": Recipient address rejected: User has moved to new@example.net", Unknown },
        { 554, "5.7.1", ": Relay access denied", Other },
        { 554, "5.7.1", "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", Other },
        { 550, "5.1.0", ": Sender address rejected: User unknown in local recipient table", Other },
        { 554, "5.7.1", ": Client host rejected: Access denied", Other },
        { 554, "5.7.1", ": Helo command rejected: need fully-qualified hostname", Other },
        { 550, "5.1.8", "Domain of sender does not exist", Other },
        { 550, "5.1.7", "Bad sender's mailbox address syntax", Other },

        // Exim: no enhanced codes.
        { 550, "", "Unknown user", Unknown },
        { 550, "", "Unrouteable address", Unknown },
        { 550, "", "unrouteable address", Unknown },
        { 550, "", "No such user here", Unknown },
        { 550, "", "No such recipient here", Unknown },
        { 550, "", "no such address", Unknown },
        { 550, "", "relay not permitted", Other },
        { 550, "", "Sender verify failed", Other },

        // Sendmail, Dovecot LMTP, Google and others.
        { 550, "5.1.1", "... User unknown", Unknown },
        { 550, "5.7.1", "... Relaying denied", Other },
        { 550, "5.0.0", "... User unknown", Unknown },
        { 550, "5.1.1", "User doesn't exist:", Unknown },
        { 550, "", "User doesn't exist:", Unknown },
        { 552, "5.2.2", "Quota exceeded (mailbox for user is full)", Exists },
        { 550, "5.1.1", "The email account that you tried to reach does not exist. Please try double-checking the recipient's email address", Unknown },
        { 550, "", "The email account that you tried to reach does not exist.", Unknown },
        { 550, "", "User does not exist", Unknown },
        { 550, "", "Recipient not found", Unknown },
        { 550, "", "Mailbox not found", Unknown },
        { 550, "", "unknown recipient", Unknown },
        { 550, "", "Recipient unknown", Unknown },
        { 550, "", "relaying not allowed", Other },
        { 550, "", "listed at Spamhaus: user unknown", Other },
        { 550, "", "your address is on our blacklist", Other },
        { 550, "", "your address is on our blocklist", Other },
        { 550, "", "your address is on our block list", Other },
        { 550, "", "blocked", Other },
    };

    /// <summary>5xx replies that no row knows.</summary>
    public static TheoryData<int, string, string> Doubtful { get; } = new()
    {
        { 550, "", "" },
        { 550, "", "Requested action not taken: mailbox unavailable" },
        { 550, "", "Mailbox unavailable or access denied" },
        { 550, "5.0.0", "no" },
        { 550, "5.1.0", "Address rejected" },
        { 550, "5.1.2", "Bad destination system" },
        { 554, "", "user unknown" }, // says why, but not in the code for it
        { 553, "", "sorry, that domain isn't in my list of allowed rcpthosts" },
        { 550, "", "Administrative prohibition" },
        { 550, "5.9.9", "no idea" },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_is_what_its_server_means(int code, string enhanced, string text, ReplyCategory expected)
    {
        foreach (ProbeStage stage in (ProbeStage[])[ProbeStage.Rcpt, ProbeStage.Data, ProbeStage.Bdat, ProbeStage.EndOfData])
            Assert.Equal(expected, ReplyClassifier.Classify(code, enhanced, text, stage));
        Assert.Equal(expected, ReplyClassifier.Classify(code, enhanced, text.ToUpperInvariant(), ProbeStage.Rcpt));
    }

    [Fact]
    public void Every_row_of_the_table_is_the_first_to_match_some_reply()
    {
        HashSet<ReplyRule> reached = [.. Replies.Select(r => ReplyClassifier.Rules.First(rule => rule.Matches(r.Data.Item1, r.Data.Item2, r.Data.Item3)))];

        Assert.Empty(ReplyClassifier.Rules.Except(reached));
        Assert.Equal(ReplyClassifier.Rules.Count, ReplyClassifier.Rules.Distinct().Count());
    }

    [Fact]
    public void Every_row_names_its_source_and_a_condition()
    {
        Assert.All(ReplyClassifier.Rules, r =>
        {
            Assert.NotEmpty(r.Source);
            Assert.NotEmpty(r.Enhanced + r.Text);
        });
    }

    [Theory]
    [MemberData(nameof(Doubtful))]
    public void A_refusal_in_doubt_is_nobodys(int code, string enhanced, string text)
    {
        Assert.Equal(ReplyCategory.NotAboutUser, ReplyClassifier.Classify(code, enhanced, text, ProbeStage.Rcpt));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void Before_RCPT_nothing_is_about_the_user(int code, string enhanced, string text, ReplyCategory atRcpt)
    {
        _ = atRcpt;
        foreach (ProbeStage stage in Enum.GetValues<ProbeStage>().Where(s => s < ProbeStage.Rcpt))
            Assert.Equal(ReplyCategory.NotAboutUser, ReplyClassifier.Classify(code, enhanced, text, stage));
    }

    [Theory]
    [InlineData(421)]
    [InlineData(450)]
    [InlineData(451)]
    [InlineData(452)]
    [InlineData(499)]
    public void A_4xx_is_temporary_whatever_it_says(int code)
    {
        foreach (ProbeStage stage in Enum.GetValues<ProbeStage>())
            Assert.Equal(ReplyCategory.Temporary, ReplyClassifier.Classify(code, "5.1.1", "User unknown", stage));
    }

    [Theory]
    [InlineData(250)]
    [InlineData(251)]
    [InlineData(354)]
    public void A_2xx_or_3xx_is_accepted_whatever_it_says(int code)
    {
        Assert.Equal(ReplyCategory.Accepted, ReplyClassifier.Classify(code, "5.1.1", "User unknown", ProbeStage.Rcpt));
    }

    [Fact]
    public void A_routes_own_rows_are_read_first()
    {
        ReplyRule[] own = [new(ReplyCategory.UserUnknown, "our own gateway", Text: "gone fishing"), new(ReplyCategory.NotAboutUser, "test", "5.1.1")];

        Assert.Equal(ReplyCategory.UserUnknown, ReplyClassifier.Classify(554, "", "He has Gone Fishing", ProbeStage.Rcpt, own));
        Assert.Equal(ReplyCategory.NotAboutUser, ReplyClassifier.Classify(550, "5.1.1", "User unknown", ProbeStage.Rcpt, own));
        Assert.Equal(ReplyCategory.UserUnknown, ReplyClassifier.Classify(550, "5.1.10", "not found", ProbeStage.Rcpt, own));
    }

    [Fact]
    public void The_routes_rows_hold_for_every_stage_from_RCPT_on()
    {
        ReplyRule[] own = [new(ReplyCategory.UserUnknown, "our own gateway", Text: "gone fishing")];
        Assert.Equal(
            [ProbeStage.Rcpt, ProbeStage.Data, ProbeStage.Bdat, ProbeStage.EndOfData],
            Enum.GetValues<ProbeStage>().Where(stage => ReplyClassifier.Classify(554, "", "gone fishing", stage, own) == ReplyCategory.UserUnknown));
    }

    [Fact]
    public void Only_an_unknown_user_is_undeliverable()
    {
        Assert.Equal(
            [ReplyCategory.UserUnknown],
            Enum.GetValues<ReplyCategory>().Where(c => ReplyClassifier.StatusOf(c) == VerdictStatus.Undeliverable));
        Assert.Equal(
            [ReplyCategory.Accepted, ReplyCategory.MailboxExists],
            Enum.GetValues<ReplyCategory>().Where(c => ReplyClassifier.StatusOf(c) == VerdictStatus.Deliverable));
    }
}
