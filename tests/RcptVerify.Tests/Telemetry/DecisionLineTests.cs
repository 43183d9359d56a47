using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

[Collection(Alone.Name)]
public sealed class DecisionLineTests
{
    private static readonly DecisionLine Refusal = new()
    {
        Instance = "5f2a.68c1.0"u8.ToArray(),
        Sender = "sender@example.net"u8.ToArray(),
        Recipient = "nobody@example.com"u8.ToArray(),
        Client = "192.0.2.7"u8.ToArray(),
        Verdict = "undeliverable",
        From = "probe",
        Stage = "rcpt",
        Server = "ex1.corp.example:2525",
        Code = 550,
        Enhanced = "5.1.1",
        Reply = "User unknown",
        Delay = TimeSpan.FromMilliseconds(12),
    };

    [Fact]
    public void A_refusal_reads_as_the_contract_says() => Assert.Equal(
        "instance=5f2a.68c1.0 sender=<sender@example.net> recipient=<nobody@example.com> verdict=undeliverable from=probe stage=rcpt "
        + "server=ex1.corp.example:2525 reply=\"550 5.1.1 User unknown\" delay=0.01 client=192.0.2.7",
        Refusal.ToString());

    [Fact]
    public void What_is_not_there_is_left_out() => Assert.Equal(
        "instance= sender=<> recipient=<a@example.com> verdict=no_route from=address delay=0.00 client=",
        new DecisionLine { Recipient = "a@example.com"u8.ToArray(), Verdict = "no_route", From = "address" }.ToString());

    [Fact]
    public void A_reason_in_place_of_a_reply_has_no_code() => Assert.Equal(
        "instance= sender=<> recipient=<a@example.com> verdict=unknown from=cache reply=\"no answer yet\" delay=8.00 client= dry_run=yes",
        new DecisionLine
        {
            Recipient = "a@example.com"u8.ToArray(),
            Verdict = "unknown",
            From = "cache",
            Server = "",
            Enhanced = "",
            Reply = "no answer yet",
            Delay = TimeSpan.FromSeconds(8),
            DryRun = true,
        }.ToString());

    [Fact]
    public void Nothing_from_outside_can_forge_a_field_or_a_line()
    {
        byte[] forgery = "x> verdict=deliverable reply=\"250\"\r\nMar  1 mx1 rcptverify[1]: a\\"u8.ToArray();
        string line = (Refusal with
        {
            Instance = forgery,
            Sender = forgery,
            Recipient = forgery,
            Client = forgery,
            Server = Encoding.UTF8.GetString(forgery),
            Enhanced = Encoding.UTF8.GetString(forgery),
            Reply = Encoding.UTF8.GetString(forgery),
        }).ToString();
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Equal((2, 2, 2), (line.Count(c => c == '<'), line.Count(c => c == '>'), line.Count(c => c == '"')));
        string[] parts = [.. line.Split('<', '>', '"').Where((_, i) => i % 2 == 0)];
        Assert.Equal(1, parts.Sum(part => part.Split(' ').Count(word => word.StartsWith("verdict=", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\u0001")]
    [InlineData("例")]
    public void A_sender_as_long_as_the_line_does_not_hide_the_verdict(string character)
    {
        byte[] endless = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(character, 5000)));
        string text = Encoding.UTF8.GetString(endless);
        string line = (Refusal with
        {
            Instance = endless,
            Sender = endless,
            Recipient = endless,
            Client = endless,
            Server = text,
            Enhanced = text,
            Reply = text,
        }).ToString();
        Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, LogWriter.MaxLineBytes);
        Assert.Contains("> verdict=undeliverable from=probe stage=rcpt server=", line, StringComparison.Ordinal);
        Assert.Contains("\" delay=0.01 client=", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_address_there_is_stands_whole_in_the_line()
    {
        byte[] recipient = [.. Enumerable.Repeat((byte)'u', 308), .. "@example.com"u8];
        Assert.Contains($"recipient=<{Encoding.ASCII.GetString(recipient)}>", (Refusal with { Recipient = recipient }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Our_logger_and_any_other_write_the_same_line_and_ours_allocates_nothing()
    {
        using MemoryStream output = new();
        using (LogWriter writer = new(output, new LinePrefix(new FakeTimeProvider(), "mx1", 7, journal: true)))
        using (PostfixLoggerProvider provider = new(writer))
        {
            ILogger logger = provider.CreateLogger("test");
            Refusal.WriteTo(logger, LogLevel.Information);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refusal.WriteTo(logger, LogLevel.Information);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }

        Assert.Equal($"<6>{Refusal}\n<6>{Refusal}\n", Encoding.UTF8.GetString(output.ToArray()));
    }
}
