namespace RcptVerify.Simulation.Behaviours;

/// <summary>
/// Servers that a prober must survive. Each is an Exchange 2010 up to one stage, and there something else. None of them gives a reason to
/// believe anything about a recipient.
/// </summary>
internal static class HostileBehaviours
{
    private static readonly Reply EndlessLine = Reply.Raw(250, "250 2.1.5 Recipient OK and "u8).ForEver();
    private static readonly Reply EndlessReply = Reply.Line("250-2.1.5 and another thing").ForEver();
    private static readonly Reply Slow = Reply.Line("250 2.1.5 Recipient OK, but you will have to wait for it").OneOctetASecond();
    private static readonly Reply SlowGreeting = Reply.Line("220 ex.example.com taking its time").OneOctetASecond();
    private static readonly Reply Binary = Reply.Raw(550, [.. "550 5.1.1 \0\u0001\u001b[2J"u8, 0xFF, 0xFE, 0x80, .. " User unknown\r\n"u8]);
    private static readonly Reply EarlyRcpt = Reply.Line("250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK");

    private static readonly Reply EarlyAll = Reply.Line(
        "220 ex.example.com ready\r\n250 ex.example.com Hello\r\n250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n250 2.0.0 Resetting");

    private static readonly Reply Injection = Reply.Line(
        "220 2.0.0 SMTP server ready\r\n250 ex.example.com Hello\r\n250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK").ThenStartTls();

    private static readonly Reply BrokenTls = Reply.Line("220 2.0.0 SMTP server ready").ThenClose();

    /// <summary>Codes of other commands, codes that do not exist, lines without one, lines that do not agree: one after the other.</summary>
    private static readonly Reply[] WrongCodes =
    [
        Reply.Raw(250, "354 Start mail input\r\n"u8),
        Reply.Raw(250, "220 ex.example.com ready\r\n"u8),
        Reply.Raw(250, "999 Nine nine nine\r\n"u8),
        Reply.Raw(250, "25 Recipient OK\r\n"u8),
        Reply.Raw(250, "2500 Recipient OK\r\n"u8),
        Reply.Raw(250, "OK\r\n"u8),
        Reply.Raw(250, "\r\n"u8),
        Reply.Raw(250, "250-Recipient OK\r\n550 5.1.1 User unknown\r\n"u8),
        Reply.Raw(250, "550_5.1.1 User unknown\r\n"u8),
        Reply.Raw(250, "000 5.1.1 User unknown\r\n"u8),
    ];

    public static readonly IReadOnlyList<SimulationBehaviour> All =
    [
        At(SimulatedStage.Rcpt, "hostile-endless-line", "a reply line without end at RCPT", EndlessLine),
        At(SimulatedStage.Rcpt, "hostile-endless-reply", "a reply of endlessly many lines at RCPT", EndlessReply),
        At(SimulatedStage.Rcpt, "hostile-slow", "one octet a second at RCPT", Slow),
        At(SimulatedStage.Greeting, "hostile-slow-greeting", "one octet a second from the first", SlowGreeting),
        At(SimulatedStage.Rcpt, "hostile-wrong-codes", "codes at RCPT that mean nothing there, each time another", WrongCodes),
        At(SimulatedStage.Rcpt, "hostile-binary", "NUL, escape sequences and 8-bit octets in a 550 at RCPT", Binary),
        At(SimulatedStage.Greeting, "hostile-close-greeting", "closes without a greeting", Reply.Hangup),
        At(SimulatedStage.Ehlo, "hostile-close-ehlo", "closes at EHLO", Reply.Hangup),
        At(SimulatedStage.Mail, "hostile-close-mail", "closes at MAIL", Reply.Hangup),
        At(SimulatedStage.Rcpt, "hostile-close-rcpt", "closes at RCPT", Reply.Hangup),
        At(SimulatedStage.Rset, "hostile-close-rset", "closes at RSET", Reply.Hangup),
        At(SimulatedStage.Data, "hostile-close-data", "closes at DATA", Reply.Hangup),
        At(SimulatedStage.Mail, "hostile-early-reply", "sends the reply to RCPT together with that to MAIL", EarlyRcpt),
        At(SimulatedStage.Greeting, "hostile-early-reply-greeting", "sends a whole dialogue's replies with the greeting", EarlyAll),
        At(SimulatedStage.StartTls, "hostile-starttls-injection", "clear text replies behind the one to STARTTLS, then TLS", Injection),
        At(SimulatedStage.StartTls, "hostile-starttls-broken", "offers STARTTLS, closes instead of the handshake", BrokenTls),
    ];

    private static SimulationBehaviour At(SimulatedStage stage, string name, string summary, params Reply[] replies) =>
        new(name, summary, context => new HostileScript(context, stage, replies));

    private sealed class HostileScript(SimulationContext context, SimulatedStage stage, Reply[] replies)
        : ExchangeScript(context, ExchangeEdition.Exchange2010)
    {
        private int _given = -1;

        public override bool OffersStartTls => stage == SimulatedStage.StartTls || base.OffersStartTls;

        public override Reply Answer(SimulatedStage at, SimulatedSession session) => at == stage
            ? replies[(int)((uint)Interlocked.Increment(ref _given) % (uint)replies.Length)]
            : base.Answer(at, session);
    }
}
