using RcptVerify.Endpoints;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Requests in, answers out.</summary>
public sealed class PolicyAnswerTests : RequestAnswerTests<PolicyConnectionHandler>
{
    private PolicyDoorSettings Settings { get; } = new();

    private protected override RequestWords Words => PolicySample.Words;

    [Theory]
    [InlineData("anna@example.com", PolicySample.Dunno)]
    [InlineData("nobody@example.com", PolicySample.Refusal)]
    [InlineData("trouble@example.com", PolicySample.Tempfail)]
    [InlineData("anna@elsewhere.example", PolicySample.Dunno)]
    public async Task A_verdict_becomes_an_action(string recipient, string answer)
    {
        (InMemoryConnection connection, Task served) = Connect();

        await connection.SendAsync(PolicySample.Request(recipient));

        Assert.Equal(answer, connection.ReadAvailable());
        AssertOpen(served);
    }

    [Fact]
    public async Task The_verifier_is_told_the_client_and_the_budget()
    {
        Settings.Rules = new PolicyDoorRules { AnswerWithin = TimeSpan.FromSeconds(3) };
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("Anna Muster@example.com"));

        Assert.Equal(["Anna Muster@example.com"], Verifier.Asked);
        Assert.Equal(("192.0.2.10", TimeSpan.FromSeconds(3)), Verifier.Last);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("HELO")]
    [InlineData("MAIL")]
    [InlineData("DATA")]
    [InlineData("BDAT")]
    [InlineData("END-OF-MESSAGE")]
    [InlineData("VRFY")]
    [InlineData("ETRN")]
    [InlineData("XYZZY")]
    [InlineData("")]
    public async Task Outside_RCPT_nobody_is_asked(string state)
    {
        (InMemoryConnection connection, _) = Connect();

        await connection.SendAsync(PolicySample.Request("nobody@example.com", state));

        Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        Assert.Empty(Verifier.Asked);
    }

    [Theory]
    [InlineData("550 5.1.1 no such mailbox", TempfailAction.Defer, "action=550 5.1.1 no such mailbox\n\naction=DEFER 4.3.0 " + ReplyText)]
    [InlineData("551 gone", TempfailAction.Dunno, "action=551 gone\n\naction=DUNNO\n\n")]
    public async Task The_routes_own_words_are_used(string unknownUser, TempfailAction tempfail, string answers)
    {
        (InMemoryConnection connection, _) = With(new ReplySettings(unknownUser, tempfail, dryRun: false)).Connect();

        await connection.SendAsync(PolicySample.Request("nobody@example.com") + PolicySample.Request("trouble@example.com"));

        Assert.Equal(answers, connection.ReadAvailable());
    }

    private const string ReplyText = "Recipient cannot be verified at the moment, please try again later\n\n";

    private protected override PolicyConnectionHandler Create() => new(Verifier, Settings, Time, Log);

    private protected override PolicyAnswerTests With(ReplySettings reply) => new() { Verifier = new() { Route = FakeVerifier.NewRoute(reply) } };
}
