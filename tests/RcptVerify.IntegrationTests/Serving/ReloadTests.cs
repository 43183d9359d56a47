using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>SIGHUP: new replies and routes at once, on the connections that are open, with the cache as it was.</summary>
public sealed class ReloadTests(PostfixFixture postfix) : IAsyncLifetime
{
    private const string Recipient = "nobody@unknown.lab.test";
    private const string NewReply = "550 5.1.1 No mailbox of that name";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TempFolder _folder = new();
    private SmtpSink _sink = null!;
    private DaemonProcess _daemon = null!;

    public async ValueTask InitializeAsync()
    {
        _sink = await SmtpSink.StartAsync(SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"));
        DaemonConfiguration configuration = DaemonConfiguration.On(postfix.Reload.Policy).Route("unknown.lab.test", _sink.Port);
        _daemon = await DaemonProcess.ServeAsync(_folder.Write("rcptverify.toml", configuration.ToString()), postfix.Reload.Policy);
    }

    [Fact]
    public async Task New_replies_hold_on_open_connections_and_the_cache_is_kept()
    {
        using PolicyClient client = await PolicyClient.ConnectAsync(postfix.Reload.Policy);
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync(Recipient));

        Reload(Edited("unknown_user = \"550 5.1.1 User unknown\"", $"unknown_user = \"{NewReply}\""));

        await WaitForAnswerAsync(client, Recipient, NewReply);
        Assert.Equal((1, 1), (_sink.Proxy.Recipients, _sink.Proxy.Connections));
    }

    [Fact]
    public async Task An_SMTP_client_of_Postfix_sees_the_new_reply_within_its_session()
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(postfix.Reload.SmtpPort);
        await client.EhloAsync();
        await client.MailAsync();
        Assert.EndsWith(": User unknown", (await client.RcptAsync(Recipient)).Text, StringComparison.Ordinal);

        Reload(Edited("unknown_user = \"550 5.1.1 User unknown\"", $"unknown_user = \"{NewReply}\""));

        await Eventually.HoldsAsync(
            async () => (await client.RcptAsync(Recipient)).ToString() == $"550 5.1.1 <{Recipient}>: Recipient address rejected: {NewReply[10..]}",
            "the new reply at the SMTP client",
            Patience,
            () => _daemon.Output.Text);
    }

    [Fact]
    public async Task A_new_route_is_asked()
    {
        await using SmtpSink other = await SmtpSink.StartAsync(SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"));
        using PolicyClient client = await PolicyClient.ConnectAsync(postfix.Reload.Policy);
        Assert.Equal("DUNNO", await client.AskAsync("nobody@added.lab.test"));

        string text = File.ReadAllText(_folder.Combine("rcptverify.toml"));
        Reload(text + $"\n[[route]]\ndomains = [\"added.lab.test\"]\nservers = [\"127.0.0.1:{other.Port}\"]\ntarget = \"rcpt\"\ntls = \"none\"\n");

        await WaitForAnswerAsync(client, "nobody@added.lab.test", "550 5.1.1 User unknown");
    }

    [Theory]
    [InlineData("[reply]\nunknown_usr = \"550 5.1.1 Wrong\"\n")]
    [InlineData("[reply\n")]
    public async Task A_broken_file_changes_nothing_and_the_log_says_where_it_is_broken(string broken)
    {
        using PolicyClient client = await PolicyClient.ConnectAsync(postfix.Reload.Policy);
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync(Recipient));
        int written = _daemon.Output.Count;

        Reload(broken);

        await _daemon.Output.WaitForAsync(@"rcptverify\.toml:\d+:\d+", Patience, written);
        if (broken.Contains("unknown_usr", StringComparison.Ordinal))
            await _daemon.Output.WaitForAsync("unknown key \"unknown_usr\" in \\[reply\\]", Patience, written); // readable: no \x22
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync(Recipient));
        Assert.Equal(1, _sink.Proxy.Recipients);
        Assert.False(_daemon.HasExited);
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        await _sink.DisposeAsync();
        _folder.Dispose();
    }

    private string Edited(string old, string @new)
    {
        string text = File.ReadAllText(_folder.Combine("rcptverify.toml"));
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, @new, StringComparison.Ordinal);
    }

    private void Reload(string configuration)
    {
        _folder.Write("rcptverify.toml", configuration);
        _daemon.Signal(UnixSignal.Hangup);
    }

    private Task WaitForAnswerAsync(PolicyClient client, string recipient, string action) => Eventually.HoldsAsync(
        async () => await client.AskAsync(recipient) == action, $"the answer \"{action}\"", Patience, () => _daemon.Output.Text);
}
