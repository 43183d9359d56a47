namespace RcptVerify.Simulation;

/// <summary>
/// The texts every Exchange generation shares, as Exchange words them (transcript of an Exchange 2013 by SIEGNETZ.IT, 2015; Microsoft's
/// pages on Set-ReceiveConnector, message rate limits and back pressure).
/// </summary>
internal static class Replies
{
    public static readonly Reply SenderOk = Reply.Line("250 2.1.0 Sender OK");
    public static readonly Reply RecipientOk = Reply.Line("250 2.1.5 Recipient OK");
    public static readonly Reply UserUnknown = Reply.Line("550 5.1.1 User unknown");
    public static readonly Reply UnableToRelay = Reply.Line("550 5.7.1 Unable to relay");
    public static readonly Reply StartMailInput = Reply.Line("354 Start mail input; end with <CRLF>.<CRLF>");
    public static readonly Reply Resetting = Reply.Line("250 2.0.0 Resetting");
    public static readonly Reply Ok = Reply.Line("250 2.0.0 OK");
    public static readonly Reply CannotVerify = Reply.Line("252 2.1.5 Cannot VRFY user");
    public static readonly Reply Closing = Reply.Line("221 2.0.0 Service closing transmission channel").ThenClose();
    public static readonly Reply ReadyForTls = Reply.Line("220 2.0.0 SMTP server ready").ThenStartTls();

    public static readonly Reply UnrecognizedCommand = Reply.Line("500 5.3.3 Unrecognized command");
    public static readonly Reply LineTooLong = Reply.Line("500 5.5.2 Line too long");
    public static readonly Reply BareLineFeed = Reply.Line("500 5.5.2 A command line ends in CRLF");
    public static readonly Reply InvalidArguments = Reply.Line("501 5.5.4 Invalid arguments");
    public static readonly Reply InvalidDomainName = Reply.Line("501 5.5.4 Invalid domain name");
    public static readonly Reply InvalidSender = Reply.Line("501 5.1.7 Invalid address");
    public static readonly Reply InvalidRecipient = Reply.Line("501 5.1.3 Invalid address");
    public static readonly Reply SendHelloFirst = Reply.Line("503 5.5.2 Send hello first");
    public static readonly Reply SenderAlreadySpecified = Reply.Line("503 5.5.2 Sender already specified");
    public static readonly Reply NeedMail = Reply.Line("503 5.5.2 Need mail command");
    public static readonly Reply NeedRcpt = Reply.Line("503 5.5.2 Need rcpt command");
    public static readonly Reply DataAfterBdat = Reply.Line("503 5.5.2 DATA not allowed after BDAT");
    public static readonly Reply OnlyOneTls = Reply.Line("503 5.5.2 Only one STARTTLS command can be issued per session");
    public static readonly Reply UnknownAuthentication = Reply.Line("504 5.7.4 Unrecognized authentication type");
    public static readonly Reply TooManyRecipients = Reply.Line("452 4.5.3 Too many recipients");
    public static readonly Reply MessageTooLong = Reply.Line("552 5.3.4 Message size exceeds fixed maximum message size");

    public static readonly Reply TooManyErrors =
        Reply.Line("421 4.7.0 Too many errors on this connection, closing transmission channel").ThenClose();

    public static readonly Reply TooManyConnections = Reply.Line(
        "421 4.3.2 The maximum number of concurrent connections has exceeded a per-source limit, closing transmission channel").ThenClose();

    public static readonly Reply InsufficientResources = Reply.Line("452 4.3.1 Insufficient system resources");
    public static readonly Reply TemporaryServerError = Reply.Line("451 4.7.0 Temporary server error. Please try again later. PRX2");
    public static readonly Reply Greylisted = Reply.Line("451 4.7.1 Greylisting in action, please come back later");
}
