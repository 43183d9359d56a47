using System.Net;
using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>The milter door with <c>answer_at = "data"</c>: RCPT asks, DATA answers for the message.</summary>
public sealed class MilterAtDataTests : MilterDoorTest
{
    private static readonly byte[] Data = MilterBytes.Frame('T');

    public MilterAtDataTests() => Settings.Rules = new MilterDoorRules { AtData = true };

    private static string Refused => Reply("550 5.1.1 Recipient address rejected: User unknown");

    private static string Deferred => Reply("451 4.3.0 Recipient address rejected: Recipient cannot be verified at the moment, please try again later");

    private static string MixedDeferred => Reply("451 4.1.1 Some recipients of this message do not exist, please send it again to learn which");

    private static string MixedRefused => Reply("550 5.1.1 Some recipients of this message do not exist");

    public static TheoryData<string, MixedAction, string> Messages { get; } = new()
    {
        { "slow1,slow2,anna", MixedAction.Defer, Go },
        { "slow1-nobody,slow2-nobody", MixedAction.Defer, Refused },
        { "slow1-nobody,slow2", MixedAction.Defer, MixedDeferred },
        { "slow1-nobody,slow2", MixedAction.Reject, MixedRefused },
        { "slow1-nobody,slow2-trouble", MixedAction.Reject, Deferred },
        { "slow1-nobody,slow2-trouble,anna", MixedAction.Reject, Deferred },
        { "trouble,anna", MixedAction.Defer, Deferred },
        { "anna", MixedAction.Defer, Go },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task The_message_has_the_answer_that_all_recipients_bear(string recipients, MixedAction mixed, string answer)
    {
        Settings.Rules = Settings.Rules with { Mixed = mixed };
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        string[] all = [.. recipients.Split(',').Select(one => one + "@example.com")];
        foreach (string recipient in all)
            await connection.SendAsync(Rcpt(recipient));
        Assert.Equal(string.Concat(all.Select(_ => Go)), connection.ReadAvailable());

        await connection.SendAsync(Data);
        foreach (string recipient in all.Where(one => one.StartsWith("slow", StringComparison.Ordinal)))
            Verifier.Release(recipient);

        Assert.Equal(answer, connection.ReadAvailable());
        await connection.SendAsync(MilterBytes.Join(MilterBytes.Frame('A'), Mail(), Rcpt("anna@example.com"), Data, MilterBytes.Frame('E')));
        Assert.Equal(Go + Go + Go, connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task A_refusal_that_is_known_is_said_at_RCPT_and_is_not_the_messages()
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();

        await connection.SendAsync(MilterBytes.Join(Rcpt("nobody@example.com"), Rcpt("anna@example.com"), Rcpt("a (comment)@example.com"), Data, MilterBytes.Frame('E')));

        Assert.Equal(Refusal("nobody@example.com") + Go + Tempfail("a (comment)@example.com") + Go + Go, connection.ReadAvailable());
    }

    [Fact]
    public async Task While_DATA_waits_the_mail_server_is_told_every_ten_seconds()
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();
        await connection.SendAsync(MilterBytes.Join(Rcpt("slow-nobody@example.com"), Data));
        Assert.Equal(Go, connection.ReadAvailable());

        for (int i = 0; i < 4; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(Progress, connection.ReadAvailable());
        }

        Verifier.Release("slow-nobody@example.com");
        Assert.Equal(Refused, connection.ReadAvailable());
    }

    [Fact]
    public async Task An_abort_forgets_the_recipients()
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();
        await connection.SendAsync(MilterBytes.Join(
            Rcpt("slow-nobody@example.com"), MilterBytes.Frame('A'), MilterBytes.Frame('A'), Mail(), Rcpt("anna@example.com"), Data));

        Assert.Equal(Go + Go + Go, connection.ReadAvailable());
    }

    [Fact]
    public async Task After_a_refused_DATA_the_transaction_goes_on()
    {
        (InMemoryConnection connection, Task served) = await InTransactionAsync();
        await connection.SendAsync(MilterBytes.Join(Rcpt("slow-nobody@example.com"), Data));
        Verifier.Release("slow-nobody@example.com");
        Assert.Equal(Go + Refused, connection.ReadAvailable());

        await connection.SendAsync(MilterBytes.Join(Rcpt("anna@example.com"), Data));

        Assert.Equal(Go + MixedDeferred, connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task Where_the_protocol_has_no_DATA_the_end_of_the_message_is_answered()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(MilterBytes.Join(
            MilterBytes.Offer(2, 0x3f, 0x7f), MilterBytes.Connect(), Mail(), Rcpt("slow-nobody@example.com"), MilterBytes.Frame('E')));
        Assert.Equal(Answered(MilterBytes.Offer(2, 0, 0x72)) + Go + Go + Go, connection.ReadAvailable());
        Verifier.Release("slow-nobody@example.com");
        Assert.Equal(Refused, connection.ReadAvailable());

        await connection.SendAsync(MilterBytes.Join(Mail(), Rcpt("anna@example.com"), MilterBytes.Frame('E')));
        Assert.Equal(Go + Go + Go, connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task Clients_and_users_who_are_skipped_are_asked_about_nowhere()
    {
        Settings.Rules = Settings.Rules with { SkipAuthenticated = true, SkipClients = [IPNetwork.Parse("192.0.2.0/24")] };
        (InMemoryConnection user, _) = await InTransactionAsync("198.51.100.1", mailMacros: ["{auth_authen}", "carol"]);
        (InMemoryConnection client, _) = await InTransactionAsync();

        foreach (InMemoryConnection connection in new[] { user, client })
        {
            await connection.SendAsync(MilterBytes.Join(Rcpt("nobody@example.com"), Data));
            Assert.Equal(Go + Go, connection.ReadAvailable());
        }

        Assert.Empty(Verifier.Asked);
    }

    [Fact]
    public async Task A_reload_holds_for_connections_that_open_from_then_on()
    {
        (InMemoryConnection old, _) = await InTransactionAsync();
        Settings.Rules = new MilterDoorRules();
        (InMemoryConnection young, _) = await InTransactionAsync();

        await old.SendAsync(MilterBytes.Join(Rcpt("slow-nobody@example.com"), Data));
        await young.SendAsync(Rcpt("slow-nobody@example.com"));
        Verifier.Release("slow-nobody@example.com");

        Assert.Equal(Go + Refused, old.ReadAvailable());
        Assert.Equal(Refusal("slow-nobody@example.com"), young.ReadAvailable());
    }

    [Fact]
    public async Task Each_recipient_and_the_refused_message_have_their_lines()
    {
        (InMemoryConnection connection, _) = await InTransactionAsync();
        await connection.SendAsync(MilterBytes.Join(Rcpt("slow-nobody@example.com"), Data));
        Verifier.Release("slow-nobody@example.com");

        Assert.Equal(
            [
                "instance=4F2 sender=<sender@example.net> recipient=<slow-nobody@example.com> verdict=undeliverable from=probe "
                    + "stage=rcpt server=ex1:25 reply=\"550 5.1.1 User unknown\" delay=0.00 client=192.0.2.10",
                "instance=4F2 client=192.0.2.10 message verdict=undeliverable: 0 deliverable, 1 undeliverable, 0 unknown",
            ],
            LinesAt(LogLevel.Information));
    }
}
