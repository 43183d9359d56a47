using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>The policy door with <c>answer_at = "data"</c>: RCPT asks, DATA answers for the message.</summary>
public sealed class PolicyAtDataTests : PolicyDoorTest
{
    private const string MixedDefer = "action=DEFER_IF_PERMIT 4.1.1 Some recipients of this message do not exist, please send it again to learn which\n\n";
    private const string MixedReject = "action=550 5.1.1 Some recipients of this message do not exist\n\n";

    public PolicyAtDataTests() => Settings.Rules = new PolicyDoorRules { AtData = true };

    [Fact]
    public async Task RCPT_passes_what_is_not_known_and_DATA_waits_for_it()
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(Rcpt("slow@example.com") + Rcpt("slow2@example.com") + Rcpt("anna@example.com"));
        Assert.Equal(PolicySample.Dunno + PolicySample.Dunno + PolicySample.Dunno, connection.ReadAvailable());
        Assert.Equal(["slow@example.com", "slow2@example.com", "anna@example.com"], Verifier.Asked);

        await connection.SendAsync(Data(3));
        Assert.Equal("", connection.ReadAvailable());
        Verifier.Release("slow2@example.com");
        Assert.Equal("", connection.ReadAvailable());
        Verifier.Release("slow@example.com");

        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        Assert.Equal(3, Verifier.Asked.Count);
        AssertOpen(served);
    }

    [Fact]
    public async Task A_refusal_that_is_known_is_said_at_RCPT_and_is_not_the_messages()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(Rcpt("nobody@example.com") + Rcpt("anna@example.com") + Data(1));

        Assert.Equal(PolicySample.Refusal + PolicySample.Dunno + PolicySample.Dunno, connection.ReadAvailable());
    }

    [Theory]
    [InlineData("slow1,slow2", MixedAction.Defer, PolicySample.Dunno)]
    [InlineData("slow1", MixedAction.Defer, PolicySample.Dunno)]
    [InlineData("slow1-nobody,slow2-nobody", MixedAction.Defer, PolicySample.Refusal)]
    [InlineData("slow1-nobody", MixedAction.Reject, PolicySample.Refusal)]
    [InlineData("slow1-nobody,slow2", MixedAction.Defer, MixedDefer)]
    [InlineData("slow1-nobody,slow2", MixedAction.Reject, MixedReject)]
    [InlineData("slow1-nobody,anna", MixedAction.Defer, MixedDefer)]
    [InlineData("slow1-nobody,anna@elsewhere", MixedAction.Reject, MixedReject)]
    [InlineData("slow1-trouble,anna", MixedAction.Defer, PolicySample.Tempfail)]
    [InlineData("slow1-trouble,slow2-nobody", MixedAction.Reject, PolicySample.Tempfail)]
    [InlineData("slow1-trouble,slow2-nobody,anna", MixedAction.Reject, PolicySample.Tempfail)]
    [InlineData("trouble", MixedAction.Reject, PolicySample.Tempfail)]
    [InlineData("anna@elsewhere", MixedAction.Reject, PolicySample.Dunno)]
    public async Task The_message_has_the_answer_that_all_recipients_bear(string recipients, MixedAction mixed, string answer)
    {
        Settings.Rules = Settings.Rules with { Mixed = mixed };
        foreach (string state in new[] { "DATA", "END-OF-MESSAGE" })
        {
            PolicyAtDataTests door = new() { };
            door.Settings.Rules = Settings.Rules;
            (InMemoryConnection connection, _) = door.Connect();
            string[] all = [.. recipients.Split(',').Select(one => one.Contains('@', StringComparison.Ordinal) ? one + ".example" : one + "@example.com")];
            foreach (string recipient in all)
                await connection.SendAsync(Rcpt(recipient));
            Assert.Equal(string.Concat(all.Select(_ => PolicySample.Dunno)), connection.ReadAvailable());

            await connection.SendAsync(Data(all.Length, state));
            foreach (string recipient in all.Where(one => one.StartsWith("slow", StringComparison.Ordinal)))
                door.Verifier.Release(recipient);

            Assert.Equal(answer, connection.ReadAvailable());
        }
    }

    [Theory]
    [InlineData("DATA", 2, "i1")] // one more than was seen
    [InlineData("DATA", 1, "i2")] // a message nobody has seen: a restart
    [InlineData("DATA", 1, "")]
    [InlineData("DATA", 0, "i1")]
    [InlineData("DATA", -1, "i1")]
    [InlineData("END-OF-MESSAGE", 7, "i1")]
    public async Task A_count_or_instance_that_does_not_fit_is_deferred(string state, int count, string instance)
    {
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Rcpt("anna@example.com"));
        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());

        await connection.SendAsync(Data(count, state, instance));

        Assert.Equal(PolicySample.Tempfail, connection.ReadAvailable());
        Assert.EndsWith(
            $" message verdict=unknown: does not fit: {count} recipients accepted, {(instance == "i1" ? 1 : 0)} seen at RCPT",
            LinesAt(LogLevel.Information)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_accepts_what_does_not_fit()
    {
        Settings.Rules = Settings.Rules with { Reply = new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true) };
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(Data(1));

        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
    }

    [Theory]
    [InlineData("slow1,slow2,slow3", PolicySample.Dunno)]
    [InlineData("slow1-nobody,slow2-nobody,slow3-nobody", PolicySample.Refusal)]
    [InlineData("slow1-nobody,slow2,slow3", PolicySample.Tempfail)]
    public async Task Where_later_restrictions_refused_some_the_answer_must_hold_for_every_one_of_the_rest(string recipients, string answer)
    {
        Settings.Rules = Settings.Rules with { Mixed = MixedAction.Reject };
        (InMemoryConnection connection, _) = Connect();
        string[] all = [.. recipients.Split(',').Select(one => one + "@example.com")];
        foreach (string recipient in all)
            await connection.SendAsync(Rcpt(recipient));
        _ = connection.ReadAvailable();

        await connection.SendAsync(Data(2));
        foreach (string recipient in all)
            Verifier.Release(recipient);

        Assert.Equal(answer, connection.ReadAvailable());
    }

    [Fact]
    public async Task The_requests_of_a_message_may_come_by_several_connections()
    {
        (InMemoryConnection first, _) = Connect();
        (InMemoryConnection second, _) = Connect();
        (InMemoryConnection third, _) = Connect();
        await first.SendAsync(Rcpt("slow-nobody@example.com"));
        await first.EndInputAsync();
        await second.SendAsync(Rcpt("slow2-nobody@example.com"));

        await third.SendAsync(Data(2));
        Verifier.Release("slow-nobody@example.com");
        Verifier.Release("slow2-nobody@example.com");

        Assert.Equal(PolicySample.Refusal, third.ReadAvailable());
    }

    [Fact]
    public async Task Messages_on_one_connection_do_not_meet()
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(Rcpt("slow-nobody@example.com", "i1") + Rcpt("anna@example.com", "i2") + Data(1, instance: "i2"));
        Assert.Equal(PolicySample.Dunno + PolicySample.Dunno + PolicySample.Dunno, connection.ReadAvailable());
        await connection.SendAsync(Data(1, instance: "i1"));
        Verifier.Release("slow-nobody@example.com");

        Assert.Equal(PolicySample.Refusal, connection.ReadAvailable());
    }

    [Fact]
    public async Task What_had_no_answer_at_RCPT_is_asked_once_more_at_DATA_with_what_is_left_of_the_budget()
    {
        Settings.Rules = Settings.Rules with { AnswerWithin = TimeSpan.FromSeconds(8) };
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Rcpt("slow-trouble@example.com"));
        await connection.SendAsync(Data(1));

        Time.Advance(TimeSpan.FromSeconds(3));
        Verifier.Release("slow-trouble@example.com");

        Assert.Equal(PolicySample.Dunno + PolicySample.Tempfail, connection.ReadAvailable());
        Assert.Equal(2, Verifier.Asked.Count);
        Assert.Equal(("192.0.2.10", TimeSpan.FromSeconds(5)), Verifier.Last);
    }

    [Fact]
    public async Task DATA_and_the_end_of_the_message_may_both_ask()
    {
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Rcpt("slow@example.com") + Data(1));
        Verifier.Release("slow@example.com");
        await connection.SendAsync(Data(1, "END-OF-MESSAGE"));

        Assert.Equal(PolicySample.Dunno + PolicySample.Dunno + PolicySample.Dunno, connection.ReadAvailable());
    }

    [Fact]
    public async Task Each_recipient_and_the_refused_message_have_their_lines()
    {
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Rcpt("slow-nobody@example.com"));
        Time.Advance(TimeSpan.FromSeconds(2));
        await connection.SendAsync(Data(1));
        Verifier.Release("slow-nobody@example.com");

        Assert.Equal(
            [
                "instance=i1 sender=<sender@example.net> recipient=<slow-nobody@example.com> verdict=undeliverable from=probe "
                    + "stage=rcpt server=ex1:25 reply=\"550 5.1.1 User unknown\" delay=2.00 client=192.0.2.10",
                "instance=i1 client=192.0.2.10 message verdict=undeliverable: 0 deliverable, 1 undeliverable, 0 unknown",
            ],
            LinesAt(LogLevel.Information));
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("EHLO")]
    [InlineData("VRFY")]
    [InlineData("")]
    public async Task Other_stages_pass_and_ask_nobody(string state)
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("nobody@example.com", state));

        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        Assert.Empty(Verifier.Asked);
    }

    [Fact]
    public async Task A_reload_to_RCPT_answers_each_recipient_from_then_on()
    {
        (InMemoryConnection connection, _) = Connect();
        await connection.SendAsync(Rcpt("slow@example.com"));
        Settings.Rules = new PolicyDoorRules();

        await connection.SendAsync(Rcpt("slow@example.com"));
        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        Verifier.Release("slow@example.com");

        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
    }

    private static string Rcpt(string recipient, string instance = "i1") => PolicySample.Request(recipient, instance: instance);

    /// <summary>As Postfix asks: with one recipient it is named, else not.</summary>
    private static string Data(int count, string state = "DATA", string instance = "i1") =>
        PolicySample.Request(count == 1 ? "some@example.com" : "", state, instance: instance)
            .Replace("recipient_count=0", $"recipient_count={count}", StringComparison.Ordinal);
}
