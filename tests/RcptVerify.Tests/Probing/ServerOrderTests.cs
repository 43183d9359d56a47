using System.Net;
using System.Net.Sockets;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>The servers of a route are asked in their order; the next one only where one cannot be asked.</summary>
public sealed class ServerOrderTests : ProbingTest
{
    /// <summary>What the first server does.</summary>
    public static TheoryData<string> CannotBeAsked { get; } =
        ["421 4.3.2 too many connections", "450 4.7.1 not now", "554 5.7.1 no SMTP service here", "", "nonsense"];

    /// <summary>Replies at MAIL and RCPT that say nothing of the recipient, or that another server may not give.</summary>
    public static TheoryData<string, string> NotTheRecipient { get; } = new()
    {
        { "452 4.3.1 Insufficient system resources", "" },
        { "550 5.7.1 sender refused", "" },
        { "250 ok", "421 4.3.2 shutting down" },
    };

    public static TheoryData<string> AnswersAboutTheRecipient { get; } =
        ["250 ok", "550 5.1.1 User unknown", "450 4.2.0 greylisted", "552 5.2.2 mailbox full", "550 5.7.1 Unable to relay"];

    [Fact]
    public async Task Where_nobody_listens_the_next_server_is_asked()
    {
        ScriptedSmtpServer second = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("550 5.1.1 User unknown")));

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(Settings, Nobody(), second.Endpoint), "anna@example.com");

        Assert.Equal((VerdictStatus.Undeliverable, second.Endpoint.Name), (outcome.Status, outcome.Reply.Server));
    }

    [Fact]
    public async Task Where_nobody_listens_at_all_the_last_servers_trouble_is_told()
    {
        ServerEndpoint second = Nobody();

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(Settings, Nobody(), second), "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend, ProbeStage.Connect), (outcome.Status, outcome.Scope, outcome.Reply.Stage));
        Assert.Equal($"connect to {second.Name}: connection refused", outcome.Reply.Text);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_about_in_time_is_given_up()
    {
        // A full backlog: the kernel drops what comes after, so connecting takes for ever.
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using Socket filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await filler.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        Route route = RouteTo(Settings with { ConnectTimeout = Short }, new ServerEndpoint("127.0.0.1", port));

        ProbeOutcome outcome = await ProbeAsync(Prober(), route, "anna@example.com");

        Assert.Equal((VerdictStatus.Unknown, ProbeStage.Connect), (outcome.Status, outcome.Reply.Stage));
        Assert.EndsWith("no connection within 0.2 s", outcome.Reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CannotBeAsked))]
    public async Task A_server_that_does_not_greet_is_passed_over(string greeting)
    {
        ScriptedSmtpServer first = ServerForEach(async c =>
        {
            if (greeting.Length > 0)
                await c.ReplyAsync(greeting);
            c.Drop();
        });
        ScriptedSmtpServer second = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("250 ok")));

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(first, second), "anna@example.com");

        Assert.Equal((VerdictStatus.Deliverable, second.Endpoint.Name), (outcome.Status, outcome.Reply.Server));
        Assert.Equal(1, first.Accepted);
    }

    [Theory]
    [MemberData(nameof(NotTheRecipient))]
    public async Task A_server_that_turns_out_to_be_ill_is_passed_over(string mailReply, string rcptReply)
    {
        ScriptedSmtpServer first = ServerForEach(async c =>
        {
            await c.GreetAsync();
            await c.ExpectAsync($"MAIL FROM:<{SmtpConversation.Sender}>");
            await c.ReplyAsync(mailReply);
            if (rcptReply.Length > 0)
            {
                await c.ExpectAsync("RCPT TO:<anna@example.com>");
                await c.ReplyAsync(rcptReply);
            }

            while (await c.ReadLineAsync() is not null)
                await c.ReplyAsync("250 ok");
        });
        ScriptedSmtpServer second = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("250 ok")));

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(first, second), "anna@example.com");

        Assert.Equal((VerdictStatus.Deliverable, second.Endpoint.Name), (outcome.Status, outcome.Reply.Server));
    }

    [Theory]
    [MemberData(nameof(AnswersAboutTheRecipient))]
    public async Task A_server_that_answered_at_RCPT_has_answered(string reply)
    {
        ScriptedSmtpServer first = ServerForEach(c => c.ServeAsync(_ => Task.FromResult(reply)));
        ScriptedSmtpServer second = Server();

        ProbeOutcome outcome = await ProbeAsync(Prober(), RouteTo(first, second), "anna@example.com");

        Assert.Equal(first.Endpoint.Name, outcome.Reply.Server);
        Assert.Equal(0, second.Accepted);
    }

    [Fact]
    public async Task The_budget_is_one_for_all_servers()
    {
        ScriptedSmtpServer first = ServerForEach(c => c.ExpectEndAsync());
        ScriptedSmtpServer second = Server();
        Route route = RouteTo(Settings with { Timeout = Short * 5 }, first.Endpoint, second.Endpoint);

        Assert.Equal(ProbeStage.Greeting, (await ProbeAsync(Prober(), route, "anna@example.com")).Reply.Stage);
        Assert.Equal(0, second.Accepted);
    }

    [Fact]
    public async Task A_route_without_servers_is_no_answer()
    {
        Assert.Equal("the route has no server", (await ProbeAsync(Prober(), RouteTo(), "anna@example.com")).Reply.Text);
    }

    [Fact]
    public async Task Equal_replies_are_kept_once()
    {
        ScriptedSmtpServer server = ServerForEach(c => c.ServeAsync(_ => Task.FromResult("250 2.1.5 Recipient OK")));
        SmtpProber prober = Prober();

        ProbeOutcome anna = await ProbeAsync(prober, RouteTo(server), "anna@example.com");
        ProbeOutcome bert = await ProbeAsync(prober, RouteTo(server), "bert@example.com");

        Assert.Same(anna.Reply, bert.Reply);
    }

    private static ServerEndpoint Nobody()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return new("127.0.0.1", port);
    }
}
