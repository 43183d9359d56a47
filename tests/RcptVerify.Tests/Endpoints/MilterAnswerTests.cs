using System.Net;
using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.Telemetry;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Commands in, answers out.</summary>
public sealed class MilterAnswerTests : MilterDoorTest
{
    [Fact]
    public async Task Each_recipient_has_its_own_answer()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();

        await connection.SendAsync(MilterBytes.Join(
            Rcpt("anna@example.com"), Rcpt("nobody@example.com"), Rcpt("trouble@example.com"), Rcpt("anna@elsewhere.example")));

        Assert.Equal(Go + Refusal("nobody@example.com") + Tempfail("trouble@example.com") + Go, connection.ReadAvailable());
        Assert.Equal(2, connection.Flushes); // the first one was the negotiation's
        AssertOpen(served);
    }

    [Fact]
    public async Task A_session_split_anywhere_gets_the_same_answers()
    {
        byte[] bytes = MilterBytes.Join(
            MilterBytes.PostfixOffer, MilterBytes.Connect(), Mail(), Rcpt("nobody@example.com"), MilterBytes.Frame('E'), MilterBytes.Frame('A'));
        string expected = Answered(MilterBytes.Offer(6, 0, 0x5372)) + Refusal("nobody@example.com") + Go;
        for (int split = 0; split <= bytes.Length; split++)
        {
            (InMemoryConnection connection, Task served) = Connect();

            await connection.SendAsync(bytes.AsMemory(0, split));
            await connection.SendAsync(bytes.AsMemory(split));

            Assert.Equal(expected, connection.ReadAvailable());
            AssertOpen(served);
        }
    }

    [Fact]
    public async Task The_verifier_is_told_client_sender_budget_and_the_internal_form()
    {
        Settings.Rules = new MilterDoorRules { AnswerWithin = TimeSpan.FromSeconds(3) };
        (InMemoryConnection connection, _) = await InTransactionAsync();

        await connection.SendAsync(MilterBytes.Join(Rcpt("\"Anna Muster\"@example.com"), Rcpt("@relay.example:jürgen@example.com"), Rcpt("\"no body nobody\"@example.com")));

        Assert.Equal(Go + Go + Refusal("\"no body nobody\"@example.com"), connection.ReadAvailable());
        Assert.Equal(["Anna Muster@example.com", "jürgen@example.com", "no body nobody@example.com"], Verifier.Asked);
        Assert.Equal(("192.0.2.10", TimeSpan.FromSeconds(3)), Verifier.Last);
    }

    [Theory]
    [InlineData("postmaster")]
    [InlineData("")]
    [InlineData("\"nobody@example.com\"")]
    public async Task An_address_without_a_domain_passes_and_nobody_is_asked(string recipient)
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();

        await connection.SendAsync(Rcpt(recipient));

        Assert.Equal(Go, connection.ReadAvailable());
        Assert.Empty(Verifier.Asked);
    }

    [Fact]
    public async Task An_address_that_cannot_be_read_is_a_temporary_failure_and_a_dry_run_lets_it_pass()
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();
        await connection.SendAsync(Rcpt("nobody (comment)@example.com"));
        Assert.Equal(Tempfail("nobody (comment)@example.com"), connection.ReadAvailable());

        Settings.Rules = new MilterDoorRules { Reply = new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true) };
        await connection.SendAsync(Rcpt("nobody (comment)@example.com"));

        Assert.Equal(Go, connection.ReadAvailable());
        Assert.Empty(Verifier.Asked);
        Assert.EndsWith(" dry_run=yes", LinesAt(LogLevel.Information)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Percent_signs_of_the_address_reach_the_client()
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();

        await connection.SendAsync(Rcpt("nobody%x@example.com"));

        Assert.Equal(Refusal("nobody%%x@example.com"), connection.ReadAvailable());
    }

    [Fact]
    public async Task While_a_verdict_is_waited_for_the_mail_server_is_told_every_ten_seconds()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.SendAsync(MilterBytes.Join(Rcpt("nobody@example.com"), Rcpt("slow@example.com"), Rcpt("anna@example.com")));
        Assert.Equal(Refusal("nobody@example.com"), connection.ReadAvailable());

        for (int i = 0; i < 4; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(9.9));
            Assert.Equal("", connection.ReadAvailable());
            Time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Equal(Progress, connection.ReadAvailable());
        }

        Verifier.Release("slow@example.com");
        Assert.Equal(Go + Go, connection.ReadAvailable());
        Assert.Contains(" delay=40.00 ", LinesAt(LogLevel.Information)[^1], StringComparison.Ordinal);
        AssertOpen(served);
    }

    [Fact]
    public async Task A_peer_that_leaves_while_it_is_told_of_progress_is_waited_for_no_longer()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.SendAsync(Rcpt("slow@example.com"));
        connection.Abort();

        Time.Advance(TimeSpan.FromSeconds(10));

        await AssertClosedAsync(served);
        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    [Theory]
    [InlineData("nobody@example.com", "undeliverable")]
    [InlineData("trouble@example.com", "unknown")]
    public async Task A_dry_run_accepts_everything_and_logs_what_it_would_have_said(string recipient, string verdict)
    {
        MilterAnswerTests dry = new() { Verifier = new() { Route = FakeVerifier.NewRoute(new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true)) } };
        (InMemoryConnection connection, _) = await dry.InTransactionAsync();

        await connection.SendAsync(Rcpt(recipient));

        Assert.Equal(Go, connection.ReadAvailable());
        string line = Assert.Single(dry.LinesAt(LogLevel.Information));
        Assert.Contains($" verdict={verdict} ", line, StringComparison.Ordinal);
        Assert.EndsWith(" dry_run=yes", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_routes_own_words_are_used()
    {
        MilterAnswerTests own = new() { Verifier = new() { Route = FakeVerifier.NewRoute(new ReplySettings("550 5.7.1 100% gone", TempfailAction.Dunno, dryRun: false)) } };
        (InMemoryConnection connection, _) = await own.InTransactionAsync();

        await connection.SendAsync(MilterBytes.Join(Rcpt("nobody@example.com"), Rcpt("trouble@example.com")));

        Assert.Equal(Reply("550 5.7.1 <nobody@example.com>: Recipient address rejected: 100%% gone") + Go, connection.ReadAvailable());
    }

    [Theory]
    [InlineData("192.0.2.10", true)]
    [InlineData("198.51.100.1", false)]
    [InlineData("2001:db8::7", true)]
    public async Task Recipients_of_clients_on_the_list_are_not_asked_about(string client, bool skipped)
    {
        (InMemoryConnection connection, _) = await InTransactionAsync(client);
        Settings.Rules = new MilterDoorRules { SkipClients = [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::/32")] };

        await connection.SendAsync(Rcpt("nobody@example.com"));

        Assert.Equal(skipped ? Go : Refusal("nobody@example.com"), connection.ReadAvailable());
        Assert.Equal(skipped, Verifier.Asked.IsEmpty);
        if (skipped)
            Assert.Contains(" verdict=deliverable from=skip_clients ", Assert.Single(LinesAt(LogLevel.Debug)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Recipients_of_authenticated_clients_are_not_asked_about_where_that_is_wished(bool wished, bool skipped)
    {
        Settings.Rules = new MilterDoorRules { SkipAuthenticated = wished };
        (InMemoryConnection connection, _) = await InTransactionAsync(mailMacros: ["{auth_type}", "PLAIN", "{auth_authen}", "carol"]);

        await connection.SendAsync(Rcpt("nobody@example.com"));
        Assert.Equal(skipped ? Go : Refusal("nobody@example.com"), connection.ReadAvailable());

        // The next transaction says for itself who sends it.
        await connection.SendAsync(MilterBytes.Join(MilterBytes.Frame('A'), Mail(), Rcpt("nobody@example.com")));
        Assert.Equal(Refusal("nobody@example.com"), connection.ReadAvailable());
    }

    [Fact]
    public async Task Where_events_cannot_be_masked_each_is_answered()
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(MilterBytes.Join(
            MilterBytes.Offer(2, 0x3f, 0), MilterBytes.Connect(), MilterBytes.Frame('H', "client.test\0"), Mail(), Rcpt("nobody@example.com"),
            Rcpt("anna@example.com"), MilterBytes.Frame('T'), MilterBytes.Frame('L', "Subject\0x\0"), MilterBytes.Frame('N'),
            MilterBytes.Frame('B', new string('x', 65535)), MilterBytes.Frame('U', "XYZZY\0"), MilterBytes.Frame('E', "last"), MilterBytes.Frame('A')));

        Assert.Equal(
            Answered(MilterBytes.Offer(2, 0, 0)) + Go + Go + Go + Refusal("nobody@example.com") + string.Concat(Enumerable.Repeat(Go, 7)),
            connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task A_decision_is_one_line()
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();

        await connection.SendAsync(Rcpt("nobody@example.com"));

        Assert.Equal(
            (LogLevel.Information, EventIds.Decision, "instance=4F2 sender=<sender@example.net> recipient=<nobody@example.com> verdict=undeliverable from=cache "
                + "stage=rcpt server=ex1:25 reply=\"550 5.1.1 User unknown\" delay=0.00 client=192.0.2.10"),
            Assert.Single(Log.Lines));
    }
}
