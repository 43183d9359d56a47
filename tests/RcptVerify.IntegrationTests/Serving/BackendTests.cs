using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>What an SMTP client of a real Postfix sees, for each way the server behind can behave.</summary>
public sealed class BackendTests(BackendsFixture fixture) : IClassFixture<BackendsFixture>
{
    [Fact]
    public async Task A_recipient_the_backend_takes_is_accepted() =>
        Assert.Equal(new SmtpAnswer(250, "2.1.5 Ok"), await RcptAsync("user@accepting.lab.test"));

    [Theory]
    [InlineData("refusing")]
    [InlineData("exchange")]
    public async Task A_recipient_the_backend_does_not_know_is_refused_in_the_configured_words(string backend)
    {
        string recipient = $"nobody@{BackendsFixture.DomainOf(backend)}";
        SmtpAnswer expected = new(550, $"5.1.1 <{recipient}>: Recipient address rejected: User unknown");
        Assert.Equal(expected, await RcptAsync(recipient));
    }

    [Theory]
    [InlineData("norelay")]
    [InlineData("badsender")]
    [InlineData("banned")]
    public async Task A_refusal_that_is_not_about_the_user_never_refuses_the_recipient(string backend) =>
        AssertTemporary(await RcptAsync($"user@{BackendsFixture.DomainOf(backend)}"));

    [Theory]
    [InlineData("deferring")]
    [InlineData("busy")]
    [InlineData("deferredsender")]
    [InlineData("shutting")]
    public async Task A_backend_that_says_later_is_a_temporary_failure(string backend) =>
        AssertTemporary(await RcptAsync($"user@{BackendsFixture.DomainOf(backend)}"));

    [Theory]
    [InlineData("hangconnect")]
    [InlineData("hangehlo")]
    [InlineData("hangmail")]
    [InlineData("hangrcpt")]
    public async Task A_backend_that_hangs_up_is_a_temporary_failure(string backend) =>
        AssertTemporary(await RcptAsync($"user@{BackendsFixture.DomainOf(backend)}"));

    [Fact]
    public async Task A_backend_that_is_not_there_is_a_temporary_failure() =>
        AssertTemporary(await RcptAsync($"user@{BackendsFixture.DeadDomain}"));

    [Fact]
    public async Task A_backend_that_knows_no_EHLO_is_asked_with_HELO()
    {
        Assert.Equal(250, (await RcptAsync("user@heloonly.lab.test")).Code);
        Assert.Equal(1, fixture.Sent("heloonly").CountOf("HELO mx.mta.test"));
    }

    [Fact]
    public async Task A_backend_that_hangs_up_after_the_verdict_spoils_neither_it_nor_the_next()
    {
        Assert.Equal(250, (await RcptAsync("first@hangrset.lab.test")).Code);
        Assert.Equal(250, (await RcptAsync("second@hangrset.lab.test")).Code);
    }

    [Fact]
    public async Task A_domain_without_a_route_is_left_to_Postfix() =>
        Assert.Equal(250, (await RcptAsync("anybody@unrouted.lab.test")).Code);

    [Fact]
    public async Task The_postmaster_is_never_probed_and_never_refused()
    {
        Assert.Equal(250, (await RcptAsync("postmaster@cachedbad.lab.test")).Code);
        Assert.Equal(0, fixture.Sent("cachedbad").CountOf("RCPT TO:<postmaster@"));
    }

    [Theory]
    [InlineData("cachedgood", 250)]
    [InlineData("cachedbad", 550)]
    public async Task The_second_answer_comes_from_the_cache_and_the_backend_hears_nothing(string backend, int code)
    {
        string recipient = $"someone@{BackendsFixture.DomainOf(backend)}";
        CountingProxy sent = fixture.Sent(backend);
        Assert.Equal(code, (await RcptAsync(recipient)).Code);
        Assert.Equal(1, sent.CountOf($"RCPT TO:<{recipient}>"));
        int connections = sent.Connections;

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(code, (await RcptAsync(recipient)).Code);
        }

        Assert.Equal((1, connections), (sent.CountOf($"RCPT TO:<{recipient}>"), sent.Connections));
    }

    [Fact]
    public async Task Probes_one_after_another_share_a_connection_and_never_reach_DATA()
    {
        CountingProxy sent = fixture.Sent("pooled");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(250, (await RcptAsync($"user{i}@pooled.lab.test")).Code);
        }

        // Two at most: the RSET that frees a connection may still be on its way when the next recipient comes.
        Assert.InRange(sent.Connections, 1, 2);
        Assert.Equal(sent.Connections, sent.CountOf("EHLO mx.mta.test"));
        Assert.Equal((10, 0), (sent.Recipients, sent.CountOf("DATA")));
        Assert.Equal(10, sent.CountOf("MAIL FROM:<probe@mx.mta.test>"));
    }

    [Fact]
    public async Task An_address_that_needs_quoting_reaches_the_backend_quoted()
    {
        // Postfix hands it to its policy server unquoted: two words@accepting.lab.test.
        Assert.Equal(250, (await RcptAsync("\"two words\"@accepting.lab.test")).Code);
        Assert.Equal(1, fixture.Sent("accepting").CountOf("RCPT TO:<\"two words\"@accepting.lab.test>"));
    }

    /// <summary>450 with a 4.x.x code: the client's mail server keeps the mail and comes again.</summary>
    private void AssertTemporary(SmtpAnswer answer)
    {
        Assert.True(answer.Code == 450, $"{answer}\n{fixture.DaemonOutput}");
        Assert.StartsWith("4.", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Recipient address rejected", answer.Text, StringComparison.Ordinal);
    }

    private async Task<SmtpAnswer> RcptAsync(string recipient)
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(fixture.SmtpPort);
        await client.EhloAsync();
        await client.MailAsync();
        return await client.RcptAsync(recipient);
    }
}
