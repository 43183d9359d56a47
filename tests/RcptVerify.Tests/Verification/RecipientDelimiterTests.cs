using System.Text;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class RecipientDelimiterTests
{
    [Theory]
    [InlineData("user+shop", "+", "user")]
    [InlineData("user+shop+1", "+", "user")]
    [InlineData("user-a+b", "+-", "user")]
    [InlineData("user+", "+", "user")]
    [InlineData("+shop", "+", "+shop")]
    [InlineData("++shop", "+", "+")]
    [InlineData("+", "+", "+")]
    [InlineData("", "+", "")]
    [InlineData("user+shop", "", "user+shop")]
    [InlineData("user+shop", "-", "user+shop")]
    [InlineData("Mailer-Daemon", "-", "Mailer-Daemon")]
    [InlineData("double-bounce", "-", "double-bounce")]
    [InlineData("Owner-list", "-", "Owner-list")]
    [InlineData("list-Request", "-", "list-Request")]
    [InlineData("-request", "-", "-request")]
    [InlineData("list-request+x", "-+", "list")]
    [InlineData("owner+list", "+", "owner")]
    public void It_splits_as_Postfix_does(string localPart, string delimiters, string kept)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(localPart);
        Assert.Equal(kept, Encoding.UTF8.GetString(bytes, 0, RecipientDelimiter.LengthWithoutExtension(bytes, Encoding.UTF8.GetBytes(delimiters))));
    }

    [Fact]
    public async Task All_extensions_of_a_mailbox_share_one_probe_and_one_verdict()
    {
        using Bench bench = new(TestRoute.Create(delimiters: "+"));
        Task<VerificationResult> first = bench.Ask("User+Shop@example.com");
        ScriptedProbe probe = await bench.Prober.NextAsync();
        Assert.Equal(("user@example.com", "User"), (probe.Address.ToString(), Encoding.UTF8.GetString(probe.Address.LocalPart.Span)));
        probe.Answer(Said.Ok);
        Assert.Equal(VerificationOutcome.Deliverable, (await first.Soon()).Outcome);
        Assert.Equal(VerdictSource.Cache, bench.AskAtOnce("user+bank@example.com").Source);
        Assert.Equal(VerdictSource.Cache, bench.AskAtOnce("user@example.com").Source);
        Assert.Equal(1, bench.Prober.Count);
    }

    [Fact]
    public async Task Without_a_delimiter_the_extension_is_part_of_the_name()
    {
        using Bench bench = new();
        bench.Prober.AnswerAtOnce = Said.Ok;
        await bench.Ask("user+shop@example.com").Soon();
        await bench.Ask("user@example.com").Soon();
        Assert.Equal(2, bench.Prober.Count);
    }

    [Theory]
    [InlineData("Postmaster+x@example.com")]
    [InlineData("list+all@example.com")]
    public void The_accept_list_is_matched_with_the_extension_and_without(string recipient)
    {
        using Bench bench = new(TestRoute.Create(delimiters: "+", alwaysAccept: ["list+all"]));
        Assert.Equal(VerdictSource.AlwaysAccept, bench.AskAtOnce(recipient).Source);
    }
}
