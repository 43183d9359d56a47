using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>What an SMTP client of a real Postfix sees that looks its relay recipients up in our socketmap door.</summary>
public sealed class SocketmapTests(SocketmapFixture fixture) : IClassFixture<SocketmapFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("user@good.lab.test", "user@good.lab.test")]
    [InlineData("User.Name@GOOD.lab.test", null)]
    [InlineData("user+shop@good.lab.test", "user+shop@good.lab.test")]
    [InlineData("\"two words\"@good.lab.test", "\"two words\"@good.lab.test")]
    [InlineData("\"simple\"@good.lab.test", "simple@good.lab.test")]
    [InlineData("\"a\\\"b\"@good.lab.test", "\"a\\\"b\"@good.lab.test")]
    [InlineData("postmaster@bad.lab.test", "postmaster@bad.lab.test")]
    public async Task A_recipient_that_exists_is_accepted(string recipient, string? key)
    {
        Assert.Equal(new SmtpAnswer(250, "2.1.5 Ok"), await RcptAsync(recipient));
        if (key is not null)
            await fixture.DaemonOutput.WaitForAsync($"map=recipients recipient=<{Regex.Escape(Logged(key))}> verdict=deliverable ", Patience);
    }

    [Theory]
    [InlineData("nobody@bad.lab.test")]
    [InlineData("nobody+shop@bad.lab.test")]
    [InlineData("\"no body\"@bad.lab.test")]
    public async Task A_recipient_that_does_not_exist_is_refused_in_Postfixs_own_words(string recipient) => Assert.Equal(
        new SmtpAnswer(550, $"5.1.1 <{Unquoted(recipient)}>: Recipient address rejected: User unknown in relay recipient table"), await RcptAsync(recipient));

    [Theory]
    [InlineData("user@later.lab.test")]
    [InlineData("user@norelay.lab.test")]
    [InlineData("user@dead.lab.test")]
    [InlineData("user@unrouted.lab.test")]
    [InlineData("\"two words\"@dead.lab.test")]
    public async Task In_doubt_the_sender_is_asked_to_come_again(string recipient) =>
        Assert.Equal(new SmtpAnswer(451, $"4.3.0 <{Unquoted(recipient)}>: Temporary lookup failure"), await RcptAsync(recipient));

    [Fact]
    public async Task While_the_door_is_not_there_the_sender_is_asked_to_come_again() => Assert.Equal(
        new SmtpAnswer(451, "4.3.0 <user@good.lab.test>: Temporary lookup failure"), await RcptAsync("user@good.lab.test", fixture.DeadDoorSmtpPort));

    [Theory]
    [InlineData("@good.lab.test")]
    [InlineData("\"\"@good.lab.test")]
    public async Task An_address_without_a_local_part_is_nobodys(string recipient) => Assert.Equal(550, (await RcptAsync(recipient)).Code);

    [Fact]
    public async Task A_quoted_address_reaches_the_server_behind_quoted_once()
    {
        Assert.Equal(250, (await RcptAsync("\"once quoted\"@good.lab.test")).Code);
        Assert.Equal(1, fixture.SentToGood.CountOf("RCPT TO:<\"once quoted\"@good.lab.test>"));
    }

    [Theory]
    [InlineData("jürgen@utf8.lab.test", 250)]
    [InlineData("jürg@utf8.lab.test", 550)]
    [InlineData("jürgen@good.lab.test", 451)] // that server has no SMTPUTF8: it cannot be asked
    public async Task An_internationalised_address_is_looked_up_too(string recipient, int code)
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.SmtpPort);
        await client.EhloAsync();
        Assert.Equal(250, (await client.SendAsync("MAIL FROM:<sender@client.test> SMTPUTF8")).Code);
        string utf8 = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(recipient)); // the client sends Latin-1

        SmtpAnswer answer = await client.RcptAsync(utf8);

        Assert.True(answer.Code == code, $"{answer}\n{fixture.DaemonOutput.Text}");
    }

    [Fact]
    public async Task Several_recipients_of_one_message_have_each_their_own_answer()
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.SmtpPort);
        await client.EhloAsync();
        await client.MailAsync();
        Assert.Equal(250, (await client.RcptAsync("one@good.lab.test")).Code);
        Assert.Equal(550, (await client.RcptAsync("two@bad.lab.test")).Code);
        Assert.Equal(451, (await client.RcptAsync("three@later.lab.test")).Code);
        Assert.Equal(250, (await client.RcptAsync("four@good.lab.test")).Code);
    }

    [Fact]
    public async Task Postfix_asks_through_a_Unix_socket_of_its_group()
    {
        await Eventually.HoldsAsync(() => fixture.UnixSocketMode == SocketmapFixture.GroupMode, "the socket's mode", Patience);
        Assert.Equal(250, (await RcptAsync("user@good.lab.test", fixture.UnixSmtpPort)).Code);
        Assert.Equal(550, (await RcptAsync("nobody@bad.lab.test", fixture.UnixSmtpPort)).Code);
    }

    [Fact]
    public async Task A_misspelt_map_refuses_nobody_and_both_logs_say_why()
    {
        Assert.Equal(451, (await RcptAsync("user@good.lab.test", fixture.WrongMapSmtpPort)).Code);
        await fixture.DaemonOutput.WaitForAsync("asks for the map recipient;", Patience);
        Assert.Contains("no such map: the one here is called recipients", fixture.MailLog, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_with_nonsense_is_closed_and_the_door_goes_on()
    {
        using TcpClient stranger = new();
        await stranger.ConnectAsync(fixture.Socketmap);
        NetworkStream stream = stranger.GetStream();
        await stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.Equal(0, await stream.ReadAsync(new byte[100]).AsTask().WaitAsync(Patience, TimeProvider.System));
        Assert.Equal(250, (await RcptAsync("user@good.lab.test")).Code);
    }

    // Postfix's replies have the address in internal form.
    private static string Unquoted(string recipient) => recipient.Replace("\"", "", StringComparison.Ordinal);

    private static string Logged(string key) => key.Replace("\\", "\\x5c", StringComparison.Ordinal).Replace("\"", "\\x22", StringComparison.Ordinal);

    private Task<SmtpAnswer> RcptAsync(string recipient) => RcptAsync(recipient, fixture.SmtpPort);

    private static async Task<SmtpAnswer> RcptAsync(string recipient, int port)
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
        await client.EhloAsync();
        await client.MailAsync();
        return await client.RcptAsync(recipient);
    }
}
