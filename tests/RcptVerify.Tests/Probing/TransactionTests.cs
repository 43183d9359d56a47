using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Several recipients in one mail transaction, one command after the other or together.</summary>
public sealed class TransactionTests : ProbingTest
{
    private static readonly ProbeSettings Several = Settings with { RecipientsPerTransaction = 50 };
    private static readonly ProbeSettings Together = Several with { Pipelining = true };
    private const string Mail = $"MAIL FROM:<{SmtpConversation.Sender}>";

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _queued = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Probes_that_wait_share_a_transaction()
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Several, ["anna", "nobody", "bert"], async c =>
        {
            await AnswerAsync(c, "nobody", "550 5.1.1 User unknown");
            await AnswerAsync(c, "bert", "250 ok");
        });

        Assert.Equal([VerdictStatus.Deliverable, VerdictStatus.Undeliverable, VerdictStatus.Deliverable], outcomes.Select(o => o.Status));
    }

    [Fact]
    public async Task A_transaction_takes_no_more_recipients_than_allowed()
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Several with { RecipientsPerTransaction = 2 }, ["anna", "bert", "carl"], async c =>
        {
            await AnswerAsync(c, "bert", "250 ok");
            await ResetAsync(c);
            await AnswerAsync(c, "carl", "250 ok");
        });

        Assert.All(outcomes, o => Assert.Equal(VerdictStatus.Deliverable, o.Status));
    }

    [Fact]
    public async Task At_another_target_each_recipient_has_its_own()
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Several, ["anna", "bert"], target: ProbeTarget.Bdat, offers: "CHUNKING", serve: async c =>
        {
            Assert.Equal("BDAT 32", await c.ReadLineAsync());
            await c.ReadLineAsync(); // the chunk
            await c.ReplyAsync("250 ok");
            await ResetAsync(c);
            await AnswerAsync(c, "bert", "550 5.1.1 User unknown");
        });

        Assert.Equal([VerdictStatus.Deliverable, VerdictStatus.Undeliverable], outcomes.Select(o => o.Status));
    }

    [Fact]
    public async Task An_address_that_needs_SMTPUTF8_gets_a_MAIL_that_says_so()
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Several, ["anna", "jürgen", "bert"], offers: "SMTPUTF8", serve: async c =>
        {
            await ResetAsync(c, $"{Mail} SMTPUTF8");
            await AnswerAsync(c, "jürgen", "250 ok");
            await AnswerAsync(c, "bert", "250 ok");
        });

        Assert.All(outcomes, o => Assert.Equal(VerdictStatus.Deliverable, o.Status));
    }

    [Theory]
    [InlineData("452 4.5.3 Too many recipients")]
    [InlineData("452 too many recipients")]
    [InlineData("552 5.5.3 Too many recipients")]
    public async Task Too_many_recipients_is_said_of_the_transaction_and_never_of_the_address(string reply)
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Several, ["anna", "nobody", "bert"], async c =>
        {
            await AnswerAsync(c, "nobody", reply);
            await ResetAsync(c);
            await AnswerAsync(c, "nobody", "550 5.1.1 User unknown");
            await ResetAsync(c); // one recipient was what it bore
            await AnswerAsync(c, "bert", "250 ok");
        });

        Assert.Equal([VerdictStatus.Deliverable, VerdictStatus.Undeliverable, VerdictStatus.Deliverable], outcomes.Select(o => o.Status));
    }

    [Theory]
    [InlineData("452 mailbox full")]
    [InlineData("552 mailbox full")]
    public async Task A_full_mailbox_teaches_nothing_about_how_many_recipients_a_transaction_takes(string reply)
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Several, ["anna", "full", "bert"], async c =>
        {
            await AnswerAsync(c, "full", reply);
            await AnswerAsync(c, "bert", "250 ok");
        });

        Assert.Equal(VerdictStatus.Unknown, outcomes[1].Status);
        Assert.Equal(VerdictStatus.Deliverable, outcomes[2].Status);
    }

    [Theory]
    [InlineData("452 4.5.3 Too many recipients")]
    [InlineData("452 4.2.2 Mailbox full")]
    public async Task Said_of_a_recipient_that_is_alone_it_is_an_answer(string reply)
    {
        ScriptedSmtpServer server = Server(c => c.GreetAndAnswerAsync("anna@example.com", reply));

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(Several, server.Endpoint), "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Address), (outcome.Status, outcome.Scope));
    }

    [Theory]
    [InlineData("")]
    [InlineData("421 4.7.0 enough commands")]
    public async Task A_server_that_has_enough_of_a_session_costs_the_next_recipient_nothing(string reply)
    {
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await TakeFirstAsync(c, "anna", offers: "");
                await c.ExpectAsync("RCPT TO:<bert@example.com>");
                if (reply.Length > 0)
                    await c.ReplyAsync(reply);
                c.Drop();
            },
            c => c.GreetAndAnswerAsync("bert@example.com", "550 5.1.1 User unknown"));

        ProbeOutcome[] outcomes = await ProbeAllAsync(RouteTo(Several, server.Endpoint), ["anna", "bert"]);

        Assert.Equal([VerdictStatus.Deliverable, VerdictStatus.Undeliverable], outcomes.Select(o => o.Status));
    }

    [Fact]
    public async Task With_pipelining_the_commands_go_out_together()
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Together, ["anna", "nobody", "bert", "carl"], offers: "PIPELINING", serve: async c =>
        {
            await c.ExpectAsync("RCPT TO:<nobody@example.com>", "RCPT TO:<bert@example.com>", "RCPT TO:<carl@example.com>");
            await c.ReplyAsync("550 5.1.1 User unknown");
            await c.ReplyAsync("250 ok");
            await c.ReplyAsync("450 4.7.1 later");
        });

        Assert.Equal(
            [VerdictStatus.Deliverable, VerdictStatus.Undeliverable, VerdictStatus.Deliverable, VerdictStatus.Unknown], outcomes.Select(o => o.Status));
    }

    [Fact]
    public async Task A_MAIL_refused_among_them_is_an_answer_to_all()
    {
        ProbeOutcome[] outcomes = await ProbeAllAsync(Together with { RecipientsPerTransaction = 3 }, ["anna", "bert", "carl", "dora", "emil"], offers: "PIPELINING", serve: async c =>
        {
            await c.ExpectAsync("RCPT TO:<bert@example.com>", "RCPT TO:<carl@example.com>");
            await c.ReplyAsync("250 ok");
            await c.ReplyAsync("250 ok");
            await AnswerLineAsync(c, "RSET", "250 ok");
            await c.ExpectAsync(Mail, "RCPT TO:<dora@example.com>", "RCPT TO:<emil@example.com>");
            await c.ReplyAsync("550 5.7.1 your sender is blocked");
            await c.ReplyAsync("503 5.5.1 no MAIL");
            await c.ReplyAsync("503 5.5.1 no MAIL");
        });

        Assert.All(outcomes[..3], o => Assert.Equal(VerdictStatus.Deliverable, o.Status));
        Assert.All(outcomes[3..], o => Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.Mail), (o.Status, o.Scope, o.Reply.Stage)));
    }

    [Fact]
    public async Task No_more_go_out_together_than_may_be_refused_before_the_session_is_given_up()
    {
        string[] users = ["anna", "n1", "n2", "n3", "n4", "n5"];
        ScriptedSmtpServer server = Server(
            async c =>
            {
                await TakeFirstAsync(c, "anna", "PIPELINING");
                await c.ExpectAsync([.. Enumerable.Range(1, 4).Select(i => $"RCPT TO:<n{i}@example.com>")]);
                for (int i = 1; i <= 4; i++)
                    await c.ReplyAsync("550 5.1.1 User unknown");
                await c.ExpectAsync("RSET");
                await c.ReplyAsync("250 ok");
                await c.ExpectAsync("QUIT");
                await c.ReplyAsync("221 bye");
                c.Drop();
            },
            c => c.GreetAndAnswerAsync("n5@example.com", "550 5.1.1 User unknown"));

        ProbeOutcome[] outcomes = await ProbeAllAsync(RouteTo(Together, server.Endpoint), users);

        Assert.All(outcomes[1..], o => Assert.Equal(VerdictStatus.Undeliverable, o.Status));
    }

    [Theory]
    [InlineData("PIPELINING", true, true)]
    [InlineData("PIPELINING", false, false)]
    [InlineData("SIZE 1000", true, false)]
    public async Task They_do_only_where_the_server_offers_it_and_the_route_wants_it(string offers, bool wanted, bool together)
    {
        ScriptedSmtpServer server = Server(c => c.GreetAsync($"250-mail.example.com\r\n250 {offers}"));
        ProbeSettings settings = Settings with { Pipelining = wanted };

        using SmtpSession session = await InTime(SmtpSession.OpenAsync(server.Endpoint, settings, settings.Timeout, TimeProvider.System, transcript: null));

        Assert.Equal(together, session.IsPipelining);
    }

    private static Task AnswerAsync(SmtpConversation c, string user, string reply) => AnswerLineAsync(c, $"RCPT TO:<{user}@example.com>", reply);

    private static async Task AnswerLineAsync(SmtpConversation c, string line, string reply)
    {
        await c.ExpectAsync(line);
        await c.ReplyAsync(reply);
    }

    private static async Task ResetAsync(SmtpConversation c, string mail = Mail)
    {
        await AnswerLineAsync(c, "RSET", "250 ok");
        await AnswerLineAsync(c, mail, "250 ok");
    }

    /// <summary>The first probe is answered when all others wait behind it.</summary>
    private async Task TakeFirstAsync(SmtpConversation c, string user, string offers)
    {
        await c.GreetAsync(offers.Length == 0 ? "250 mail.example.com" : $"250-mail.example.com\r\n250 {offers}");
        await c.TakeRcptAsync($"{user}@example.com");
        _first.SetResult();
        await c.WaitForAsync(_queued.Task);
        await c.ReplyAsync("250 ok");
    }

    private Task<ProbeOutcome[]> ProbeAllAsync(
        ProbeSettings settings, string[] users, Func<SmtpConversation, Task> serve, string offers = "", ProbeTarget target = ProbeTarget.Rcpt)
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await TakeFirstAsync(c, users[0], offers);
            await serve(c);
            await AnswerLineAsync(c, "RSET", "250 ok");
        });
        return ProbeAllAsync(new Route(["example.com"], [server.Endpoint], []) { Probe = settings, Target = target }, users);
    }

    private async Task<ProbeOutcome[]> ProbeAllAsync(Route route, string[] users)
    {
        SmtpProber prober = Prober();
        List<Task<ProbeOutcome>> probes = [ProbeAsync(prober, route, $"{users[0]}@example.com")];
        await InTime(_first.Task);
        foreach (string user in users[1..])
            probes.Add(ProbeAsync(prober, route, $"{user}@example.com"));
        _queued.SetResult();
        return await Task.WhenAll(probes);
    }
}
