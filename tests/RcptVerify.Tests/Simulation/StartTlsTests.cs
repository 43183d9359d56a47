using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

public sealed class StartTlsTests : SimulatorTest
{
    private const string Ready = "220 2.0.0 SMTP server ready";

    [Fact]
    public async Task STARTTLS_is_neither_offered_nor_known_without_a_certificate()
    {
        await using ExchangeSimulator simulator = await StartAsync("exchange2010");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);
        await client.ReplyAsync();

        Assert.DoesNotContain("TLS", await client.AskAsync("EHLO mx"), StringComparison.Ordinal);
        Assert.Equal("500 5.3.3 Unrecognized command", await client.AskAsync("STARTTLS"));
    }

    [Fact]
    public async Task Under_TLS_the_dialogue_begins_anew_with_the_configured_certificate()
    {
        using X509Certificate2 certificate = SimulationCertificate.CreateSelfSigned("ex.example.com", TimeProvider.System);
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "exchange2010", Certificate = certificate });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);
        await client.ReplyAsync();
        Assert.Contains("\n250-STARTTLS\n", await client.AskAsync("EHLO mx"), StringComparison.Ordinal);
        Assert.Equal(Ready, await client.AskAsync("STARTTLS"));

        System.Net.Security.SslStream tls = await client.StartTlsAsync("ex.example.com");

        Assert.Equal(certificate.Thumbprint, new X509Certificate2(tls.RemoteCertificate!).Thumbprint);
        Assert.Equal("503 5.5.2 Send hello first", await client.AskAsync("MAIL FROM:<>"));
        Assert.DoesNotContain("TLS", await client.AskAsync("EHLO mx"), StringComparison.Ordinal);
        await client.AskAsync("MAIL FROM:<>");
        Assert.Equal("250 2.1.5 Recipient OK", await client.AskAsync($"RCPT TO:<{Known}>"));
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync($"RCPT TO:<{Unknown}>"));
        Assert.Equal("503 5.5.2 Only one STARTTLS command can be issued per session", await client.AskAsync("STARTTLS"));
        Assert.Equal("221 2.0.0 Service closing transmission channel", await client.AskAsync("QUIT"));
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public void A_certificate_made_for_a_host_verifies_for_that_host_against_itself()
    {
        using X509Certificate2 certificate = SimulationCertificate.CreateSelfSigned("ex.example.com", TimeProvider.System);
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        Assert.True(chain.Build(certificate));
        Assert.True(certificate.MatchesHostname("ex.example.com"));
        Assert.False(certificate.MatchesHostname("other.example.com"));
    }

    [Fact]
    public async Task Injected_replies_stand_behind_the_one_to_STARTTLS_and_the_handshake_still_works()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-starttls-injection");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        Assert.Equal(Ready, await client.AskAsync("STARTTLS"));
        Assert.Equal("250 ex.example.com Hello", await client.ReplyAsync());
        Assert.Equal("250 2.1.0 Sender OK", await client.ReplyAsync());
        Assert.Equal("250 2.1.5 Recipient OK", await client.ReplyAsync());

        await client.StartTlsAsync("ex.example.com");
        Assert.Contains("ex.example.com Hello", await client.AskAsync("EHLO mx"), StringComparison.Ordinal);
        await client.AskAsync("MAIL FROM:<>");
        Assert.Equal("550 5.1.1 User unknown", await client.AskAsync($"RCPT TO:<{Unknown}>"));
    }

    [Fact]
    public async Task Commands_pipelined_behind_STARTTLS_in_clear_text_are_forgotten()
    {
        using X509Certificate2 certificate = SimulationCertificate.CreateSelfSigned("ex.example.com", TimeProvider.System);
        await using ExchangeSimulator simulator = await StartAsync(
            new SimulationOptions { Behaviour = "exchange2010", Certificate = certificate });
        await using RawSmtpClient client = await RawSmtpClient.ConnectAndGreetAsync(simulator.EndPoint);

        Assert.Equal(Ready, await client.AskAsync("STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@example.net>"));
        await client.StartTlsAsync("ex.example.com");

        Assert.Equal("503 5.5.2 Send hello first", await client.AskAsync($"RCPT TO:<{Known}>"));
        Assert.Equal((1L, 0L), (simulator.Counters.Ehlo, simulator.Counters.Mail));
    }

    [Fact]
    public async Task A_broken_STARTTLS_closes_in_place_of_the_handshake()
    {
        await using ExchangeSimulator simulator = await StartAsync("hostile-starttls-broken");
        await using RawSmtpClient client = await RawSmtpClient.ConnectAsync(simulator.EndPoint);
        await client.ReplyAsync();
        Assert.Contains("STARTTLS", await client.AskAsync("EHLO mx"), StringComparison.Ordinal);
        Assert.Equal(Ready, await client.AskAsync("STARTTLS"));

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => client.StartTlsAsync("ex.example.com"));
        Assert.True(failure is AuthenticationException or IOException, failure.ToString());
    }
}
