using System.Security.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Probing;
using RcptVerify.Simulation;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using TestCertificates = RcptVerify.TestKit.Tls.TestCertificates;

namespace RcptVerify.Tests.Probing;

/// <summary>How TLS is started, and what happens where it cannot be.</summary>
public sealed class TlsDialogueTests : TlsTest
{
    private static TlsSettings May { get; } = new();

    private static TlsSettings Encrypt { get; } = new() { Level = TlsLevel.Encrypt };

    [Theory]
    [InlineData(TlsLevel.May)]
    [InlineData(TlsLevel.Encrypt)]
    public async Task The_server_greets_anew_under_TLS_and_the_same_session_goes_on(TlsLevel level)
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "other.example")));

        ProbeOutcome outcome = await ProbeAsync(new() { Level = level }, server.At("localhost"), recipients: ["a@example.com", "b@example.com", "nobody@example.com"]);

        AssertRefusedUser(outcome);
        Assert.Equal(
            [
                "EHLO mx1.example.net", "STARTTLS", "tls: EHLO mx1.example.net",
                "tls: MAIL FROM:<probe@mx1.example.net>", "tls: RCPT TO:<a@example.com>", "tls: RSET",
                "tls: MAIL FROM:<probe@mx1.example.net>", "tls: RCPT TO:<b@example.com>", "tls: RSET",
                "tls: MAIL FROM:<probe@mx1.example.net>", "tls: RCPT TO:<nobody@example.com>",
            ],
            server.Commands.Take(11));
        Assert.Equal("localhost", Assert.Single(server.Handshakes).ServerName);
        Assert.Contains(Transcript.Lines, line => line.StartsWith("=== TLS started with TLSv1.3, cipher TLS_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_offered_in_clear_text_is_forgotten()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost")));

        ProbeOutcome outcome = await ProbeAsync(Encrypt, server.At("localhost"), recipients: ["jürgen@example.com"]);

        Assert.Equal("the server does not offer SMTPUTF8, which this address needs", outcome.Reply.Text);
    }

    [Fact]
    public async Task Level_none_does_not_start_TLS()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost")));

        AssertRefusedUser(await ProbeAsync(new() { Level = TlsLevel.None }, server.At("localhost")));

        Assert.DoesNotContain("STARTTLS", server.Commands);
    }

    [Fact]
    public async Task Different_TLS_settings_do_not_share_sessions()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost")));
        await using SmtpProber prober = new(TimeProvider.System, new SmtpPoolLimits(), NullLogger<SmtpProber>.Instance);
        RecipientAddress nobody = ProbingTest.Address("nobody@example.com");

        foreach (TlsSettings tls in (TlsSettings[])[May, Encrypt, Verified(), Verified()])
            AssertRefusedUser(await prober.ProbeAsync(nobody, RouteTo(tls, server.At("localhost")), new ProbeTicket(ProbePriority.Caller), TestContext.Current.CancellationToken));

        Assert.Equal(3, server.Handshakes.Count);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_is_asked_in_clear_text_where_TLS_is_optional_and_not_at_all_where_it_is_not()
    {
        await using ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "exchange2010" }, TestContext.Current.CancellationToken);
        ServerEndpoint server = new("127.0.0.1", simulator.EndPoint.Port);

        AssertRefusedUser(await ProbeAsync(May, server));
        AssertTlsTrouble("TLS is required, but the server does not offer STARTTLS", await ProbeAsync(Encrypt, server));
        AssertTlsTrouble("TLS is required, but the server does not offer STARTTLS", await ProbeAsync(new() { Level = TlsLevel.Verify }, server));
    }

    [Fact]
    public async Task Level_may_asks_in_clear_text_after_a_refused_STARTTLS_and_says_so_once()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost"))) { StartTlsReply = "454 4.7.0 TLS not available" };
        ListLogger<SmtpProber> log = new();

        // An address too many for one session: the second one is refused TLS again.
        AssertRefusedUser(await ProbeAsync(May, server.At("localhost"), log, recipients: [.. Enumerable.Repeat("nobody@example.com", 5)]));

        Assert.Equal(2, server.Commands.Count(line => line == "STARTTLS"));
        Assert.Equal(
            (3010, $"server=localhost:{server.Port}: TLS failed, asking in clear text as tls = \"may\" allows; this is said once: 454 4.7.0 TLS not available"),
            Assert.Single(log.Lines));
    }

    [Fact]
    public async Task Level_encrypt_takes_a_refused_STARTTLS_for_trouble_in_the_servers_words()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost"))) { StartTlsReply = "454 4.7.0 TLS not available" };

        ProbeOutcome outcome = await ProbeAsync(Encrypt, server.At("localhost"));

        AssertTlsTrouble("TLS not available", outcome);
        Assert.Equal((454, "4.7.0"), (outcome.Reply.Code, outcome.Reply.Enhanced));
        Assert.DoesNotContain(server.Commands, line => line.Contains("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_hangs_up_at_the_handshake_is_asked_in_clear_text_only_at_level_may()
    {
        await using ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "hostile-starttls-broken" }, TestContext.Current.CancellationToken);
        ServerEndpoint server = new("127.0.0.1", simulator.EndPoint.Port);
        ListLogger<SmtpProber> log = new();

        AssertRefusedUser(await ProbeAsync(May, server, log));
        ProbeOutcome encrypted = await ProbeAsync(Encrypt, server);

        Assert.StartsWith("the TLS handshake failed: ", encrypted.Reply.Text, StringComparison.Ordinal);
        Assert.Equal((VerdictStatus.Unknown, ProbeStage.StartTls), (encrypted.Status, encrypted.Reply.Stage));
        Assert.Equal(3010, Assert.Single(log.Lines).Id);
    }

    [Fact]
    public async Task A_handshake_that_hangs_leaves_time_for_clear_text_at_level_may_and_is_trouble_at_encrypt()
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost"))) { HangsAtHandshake = true };

        AssertRefusedUser(await ProbeAsync(May, server.At("localhost"), timeout: ProbingTest.Short * 10));
        AssertTlsTrouble("the TLS handshake was not done in time", await ProbeAsync(Encrypt, server.At("localhost"), timeout: ProbingTest.Short * 3));
    }

    [Theory]
    [InlineData(TlsLevel.May)]
    [InlineData(TlsLevel.Encrypt)]
    [InlineData(TlsLevel.Verify)]
    public async Task Clear_text_behind_the_reply_to_STARTTLS_breaks_the_conversation(TlsLevel level)
    {
        await using ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(
            new SimulationOptions { Behaviour = "hostile-starttls-injection" }, TestContext.Current.CancellationToken);

        ProbeOutcome outcome = await ProbeAsync(new() { Level = level }, new ServerEndpoint("127.0.0.1", simulator.EndPoint.Port));

        AssertTlsTrouble("the server sent clear text behind its reply to STARTTLS", outcome);
    }

    [Theory]
    [InlineData("MAIL FROM:<probe@mx1.example.net>")]
    [InlineData("RSET")]
    public async Task A_reply_that_nobody_asked_for_is_noticed_under_TLS_too(string command)
    {
        await using TlsSmtpServer server = new(With(TestCertificates.Issue(Authority, "localhost"))) { Unasked = (command, "250 2.1.5 yes") };

        ProbeOutcome outcome = await ProbeAsync(Encrypt, server.At("localhost"), recipients: ["a@example.com", "nobody@example.com"]);

        Assert.NotEqual(VerdictStatus.Deliverable, outcome.Status);
        Assert.Equal(2, server.Handshakes.Count);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, SslProtocols.Tls12, true)]
    [InlineData(TlsVersion.Tls13, SslProtocols.Tls12, false)]
    [InlineData(TlsVersion.Tls13, SslProtocols.Tls13, true)]
    public async Task A_server_below_the_minimum_version_is_not_spoken_to(TlsVersion minimum, SslProtocols spoken, bool agreed)
    {
        System.Net.Security.SslServerAuthenticationOptions options = With(TestCertificates.Issue(Authority, "localhost"));
        options.EnabledSslProtocols = spoken;
        await using TlsSmtpServer server = new(options);

        ProbeOutcome outcome = await ProbeAsync(Encrypt with { MinVersion = minimum }, server.At("localhost"));

        Assert.Equal(agreed ? ProbeStage.Rcpt : ProbeStage.StartTls, outcome.Reply.Stage);
    }

    [Theory]
    [InlineData(TlsVersion.Tls10, 0x00C0 | 0x0300 | 0x0C00 | 0x3000)]
    [InlineData(TlsVersion.Tls11, 0x0300 | 0x0C00 | 0x3000)]
    [InlineData(TlsVersion.Tls12, 0x0C00 | 0x3000)]
    [InlineData(TlsVersion.Tls13, 0x3000)]
    public void The_minimum_version_and_all_newer_ones_are_offered(TlsVersion minimum, int offered) => Assert.Equal(
        offered, (int)new TlsClient(new TlsSettings { MinVersion = minimum }, "ex1.example").CreateOptions(_ => { }).EnabledSslProtocols);
}
