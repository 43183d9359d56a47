using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>
/// What an SMTP client of a real Postfix sees of messages to several recipients where the answer is given at DATA. A policy server's
/// X.1.x becomes X.0.0 there: Postfix keeps codes about addresses for commands that have one.
/// </summary>
[Collection(SharedDoors.Name)]
public sealed class AtDataTests(DoorsFixture fixture)
{
    private const string Message = "Subject: x\r\n\r\nHello\r\n";

    private static int _next;

    [Theory]
    [InlineData("policy data", "450 4.0.0 <DATA>: Data command rejected: Some recipients of this message do not exist, please send it again to learn which")]
    [InlineData("milter data", "451 4.1.1 Some recipients of this message do not exist, please send it again to learn which")]
    public async Task A_mixed_message_is_deferred_and_its_retry_loses_only_those_who_do_not_exist(string door, string deferral)
    {
        string nobody = Fresh();
        await using (TestSmtpClient first = await StartAsync(fixture.Ports[door]))
        {
            Assert.Equal(250, (await first.RcptAsync("alice@lab.test")).Code);
            Assert.Equal(250, (await first.RcptAsync(nobody)).Code);
            Assert.Equal(deferral, (await first.DataAsync(Message)).ToString());
            Assert.Equal(221, (await first.QuitAsync()).Code);
        }

        await using TestSmtpClient retry = await StartAsync(fixture.Ports[door]);
        Assert.Equal(250, (await retry.RcptAsync("alice@lab.test")).Code);
        Assert.Equal(new SmtpAnswer(550, $"5.1.1 <{nobody}>: Recipient address rejected: User unknown"), await retry.RcptAsync(nobody));
        Assert.Equal(250, (await retry.DataAsync(Message)).Code);
    }

    [Fact]
    public async Task Where_it_is_wished_a_mixed_message_is_refused()
    {
        foreach ((int port, string refusal) in new[]
        {
            (fixture.RejectPort, "550 5.0.0 <DATA>: Data command rejected: Some recipients of this message do not exist"),
            (fixture.MilterRejectPort, "550 5.1.1 Some recipients of this message do not exist"),
        })
        {
            await using TestSmtpClient client = await StartAsync(port);
            Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
            Assert.Equal(250, (await client.RcptAsync(Fresh())).Code);
            Assert.Equal(refusal, (await client.DataAsync(Message)).ToString());
        }
    }

    [Theory]
    [InlineData("policy data", "550 5.0.0 <DATA>: Data command rejected: User unknown")]
    [InlineData("milter data", "550 5.1.1 Recipient address rejected: User unknown")]
    public async Task A_message_for_nobody_is_refused_and_the_session_goes_on(string door, string refusal)
    {
        await using TestSmtpClient client = await StartAsync(fixture.Ports[door]);
        Assert.Equal(250, (await client.RcptAsync(Fresh())).Code);
        Assert.Equal(250, (await client.RcptAsync(Fresh())).Code);
        Assert.Equal(refusal, (await client.DataAsync(Message)).ToString());

        Assert.Equal(250, (await client.RsetAsync()).Code);
        Assert.Equal(250, (await client.MailAsync()).Code);
        Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
        Assert.Equal(250, (await client.RcptAsync("bob@lab.test")).Code);
        Assert.Equal(250, (await client.DataAsync(Message)).Code);
        Assert.Equal(221, (await client.QuitAsync()).Code);
    }

    [Theory]
    [InlineData("policy data", 450)]
    [InlineData("milter data", 451)]
    public async Task In_doubt_about_one_the_message_comes_again(string door, int code)
    {
        await using TestSmtpClient client = await StartAsync(fixture.Ports[door]);
        Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
        Assert.Equal(250, (await client.RcptAsync(Fresh())).Code);
        Assert.Equal(250, (await client.RcptAsync(Fresh("later.lab.test"))).Code);

        SmtpAnswer answer = await client.DataAsync(Message);

        Assert.Equal(code, answer.Code);
        Assert.StartsWith("4.3.0 ", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy data")]
    [InlineData("milter data")]
    public async Task Recipients_given_up_by_RSET_do_not_count(string door)
    {
        await using TestSmtpClient client = await StartAsync(fixture.Ports[door]);
        Assert.Equal(250, (await client.RcptAsync(Fresh())).Code);
        Assert.Equal(250, (await client.RsetAsync()).Code);
        Assert.Equal(250, (await client.MailAsync()).Code);
        Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
        Assert.Equal(554, (await client.RcptAsync("stranger@elsewhere.test")).Code); // Postfix's own refusal
        Assert.Equal(250, (await client.RcptAsync("bob@lab.test")).Code);
        Assert.Equal(250, (await client.DataAsync(Message)).Code);
    }

    [Fact]
    public async Task Postfix_may_ask_at_the_end_of_the_message_instead()
    {
        await using TestSmtpClient client = await StartAsync(fixture.EndOfMessagePort);
        Assert.Equal(250, (await client.RcptAsync(Fresh())).Code);
        Assert.Equal(250, (await client.RcptAsync(Fresh())).Code);
        Assert.Equal("550 5.0.0 <END-OF-MESSAGE>: End-of-data rejected: User unknown", (await client.DataAsync(Message)).ToString());
    }

    [Fact]
    public async Task Where_Postfix_asks_at_DATA_only_nothing_is_let_in_unverified()
    {
        await using TestSmtpClient client = await StartAsync(fixture.BlindPort);
        Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
        Assert.Equal(450, (await client.DataAsync(Message)).Code);
        await fixture.AtData.Output.WaitForAsync("message verdict=unknown: does not fit: 1 recipients accepted, 0 seen at RCPT", TimeSpan.FromSeconds(10));
    }

    private static string Fresh(string domain = "lab.test") => $"nobody{Interlocked.Increment(ref _next)}.data@{domain}";

    private static async Task<TestSmtpClient> StartAsync(int port)
    {
        TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
        await client.EhloAsync();
        await client.MailAsync();
        return client;
    }
}
