using System.Globalization;
using System.Net;
using System.Text;
using RcptVerify.Simulation;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>What an SMTP client of a real Postfix sees when the daemon is one of its smtpd_milters.</summary>
public sealed class MilterTests(MilterFixture fixture) : IClassFixture<MilterFixture>
{
    [Fact]
    public async Task Each_recipient_of_a_message_has_its_own_answer()
    {
        await using TestSmtpClient client = await StartAsync();

        Assert.Equal(new SmtpAnswer(250, "2.1.5 Ok"), await client.RcptAsync("alice@lab.test"));
        Assert.Equal(
            new SmtpAnswer(550, "5.1.1 <nobody@lab.test>: Recipient address rejected: User unknown"), await client.RcptAsync("nobody@lab.test"));
        Assert.Equal(
            new SmtpAnswer(451, "4.3.0 <x@dead.lab.test>: Recipient address rejected: Recipient cannot be verified at the moment, please try again later"),
            await client.RcptAsync("x@dead.lab.test"));
        Assert.Equal(250, (await client.RcptAsync("anybody@unrouted.lab.test")).Code);
        Assert.Equal(250, (await client.RcptAsync("\"two words\"@lab.test")).Code);
        Assert.Equal(
            new SmtpAnswer(550, "5.1.1 <\"no body\"@lab.test>: Recipient address rejected: User unknown"),
            await client.RcptAsync("\"no body\"@lab.test"));
        Assert.Equal(250, (await client.RcptAsync("postmaster@lab.test")).Code);
    }

    [Fact]
    public async Task A_session_goes_on_through_RSET_a_message_and_another_transaction()
    {
        await using TestSmtpClient client = await StartAsync();
        Assert.Equal(550, (await client.RcptAsync("nobody@lab.test")).Code);
        Assert.Equal(250, (await client.RsetAsync()).Code);

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(250, (await client.MailAsync()).Code);
            Assert.Equal(550, (await client.RcptAsync("nobody@lab.test")).Code);
            Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
            Assert.Equal(250, (await client.DataAsync("Subject: x\r\n\r\nHello\r\n")).Code);
        }

        Assert.Equal(221, (await client.QuitAsync()).Code);
        Assert.DoesNotContain("milter", fixture.PostfixWarnings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_UTF8_is_verified()
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.SmtpPort);
        await client.EhloAsync();
        Assert.Equal(250, (await client.SendAsync("MAIL FROM:<sender@client.test> SMTPUTF8")).Code);

        Assert.Equal(250, (await client.RcptAsync(Raw("jürgen@lab.test"))).Code);
        Assert.Equal(
            new SmtpAnswer(550, Raw("5.1.1 <jörg@lab.test>: Recipient address rejected: User unknown")), await client.RcptAsync(Raw("jörg@lab.test")));
    }

    [Fact]
    public async Task The_sender_of_our_own_probes_is_not_probed_for()
    {
        await using TestSmtpClient client = await StartAsync("probe@mx.mta.test");
        Assert.Equal(250, (await client.RcptAsync("nobody2@lab.test")).Code);
    }

    /// <summary>Postfix waits 30 s for a milter, as is its default; only progress packets bring it over the server's 40 s.</summary>
    [Fact]
    public async Task A_probe_of_forty_seconds_still_gets_its_answer()
    {
        await using TestSmtpClient client = await StartAsync(replyPatience: TimeSpan.FromSeconds(55));
        Assert.Equal(
            new SmtpAnswer(550, "5.1.1 <nobody@slow.lab.test>: Recipient address rejected: User 100% unknown"), await client.RcptAsync("nobody@slow.lab.test"));
        Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
        Assert.DoesNotContain("milter", fixture.PostfixWarnings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postfix_asks_through_a_Unix_socket()
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.UnixSmtpPort);
        await client.EhloAsync();
        await client.MailAsync();
        Assert.Equal(550, (await client.RcptAsync("nobody@lab.test")).Code);
        Assert.Equal(250, (await client.RcptAsync("alice@lab.test")).Code);
    }

    private async Task<TestSmtpClient> StartAsync(string sender = "sender@client.test", TimeSpan? replyPatience = null)
    {
        TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.SmtpPort, replyPatience);
        await client.EhloAsync();
        await client.MailAsync(sender);
        return client;
    }

    /// <summary>The client's text has one character a byte.</summary>
    private static string Raw(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}

/// <summary>A Postfix with our milter, the daemon, and two stand-ins for Exchange, one of them with a long tarpit.</summary>
public sealed class MilterFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ExchangeSimulator? _quick;
    private ExchangeSimulator? _slow;
    private DaemonProcess? _daemon;
    private PostfixInstance? _postfix;

    /// <summary>Where SMTP clients come in.</summary>
    public int SmtpPort { get; private set; }

    /// <summary>The same, the milter asked through a Unix socket.</summary>
    public int UnixSmtpPort { get; private set; }

    /// <summary>The warnings in Postfix' log.</summary>
    public string PostfixWarnings => string.Join('\n', (_postfix?.ReadLog() ?? "").Split('\n').Where(line => line.Contains("warning:", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _quick = await ExchangeSimulator.StartAsync(new SimulationOptions
        {
            Behaviour = "edge",
            Known = ["alice@lab.test", "two words@lab.test", "jürgen@lab.test"],
        }, TestContext.Current.CancellationToken);
        _slow = await ExchangeSimulator.StartAsync(new SimulationOptions
        {
            Behaviour = "tarpit",
            Known = ["alice@slow.lab.test"],
            TarpitInterval = TimeSpan.FromSeconds(40),
        }, TestContext.Current.CancellationToken);
        int port = FreePort.Next();
        string socket = _folder.Combine("milter.sock");
        string configuration = _folder.Write("rcptverify.toml", string.Create(CultureInfo.InvariantCulture, $"""
            [policy]
            listen = []
            [milter]
            listen = ["inet:127.0.0.1:{port}", "unix:{socket}"]
            socket_group = "postfix"
            [cache]
            store = "memory"
            [probe]
            sender = "probe@mx.mta.test"
            timeout = "60s"
            client_refused_limit = ""
            [[route]]
            domains = ["lab.test"]
            servers = ["127.0.0.1:{_quick.EndPoint.Port}"]
            target = "rcpt"
            tls = "none"
            [[route]]
            domains = ["slow.lab.test"]
            unknown_user = "550 5.1.1 User 100% unknown"
            servers = ["127.0.0.1:{_slow.EndPoint.Port}"]
            target = "rcpt"
            tls = "none"
            [[route]]
            domains = ["dead.lab.test"]
            servers = ["127.0.0.1:{FreePort.Next()}"]
            target = "rcpt"
            tls = "none"
            """));
        _daemon = await DaemonProcess.ServeAsync(configuration, new IPEndPoint(IPAddress.Loopback, port));
        PostfixBuilder builder = new();
        string[] settings = ["milter_default_action = tempfail", "milter_command_timeout = 30s"];
        SmtpPort = builder.Smtpd([string.Create(CultureInfo.InvariantCulture, $"smtpd_milters = inet:127.0.0.1:{port}"), .. settings]);
        UnixSmtpPort = builder.Smtpd([$"smtpd_milters = unix:{socket}", .. settings]);
        _postfix = await builder.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] owned = [_postfix, _daemon, _quick, _slow];
        foreach (IAsyncDisposable one in owned.OfType<IAsyncDisposable>())
            await one.DisposeAsync();
        _folder.Dispose();
    }
}
