using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

public sealed class EhloCapabilitiesTests
{
    [Fact]
    public void Exchange_2013_announces_all_but_smtputf8()
    {
        EhloCapabilities capabilities = EhloCapabilities.Parse(WireSample.Reply(ExchangeReplies.Ehlo));
        Assert.Equal(
            EhloExtensions.Size | EhloExtensions.Pipelining | EhloExtensions.Dsn | EhloExtensions.EnhancedStatusCodes
            | EhloExtensions.StartTls | EhloExtensions.EightBitMime | EhloExtensions.BinaryMime | EhloExtensions.Chunking,
            capabilities.Extensions);
        Assert.Equal(52428800, capabilities.MaxSize);
        Assert.True(capabilities.Has(EhloExtensions.Chunking | EhloExtensions.Pipelining));
        Assert.False(capabilities.Has(EhloExtensions.SmtpUtf8));
        Assert.False(capabilities.Has(EhloExtensions.Chunking | EhloExtensions.SmtpUtf8));
    }

    [Fact]
    public void Keywords_come_in_any_case_and_unknown_ones_are_skipped()
    {
        EhloCapabilities capabilities = EhloCapabilities.Parse(WireSample.Reply(
            "250-mx\r\n250-smtputf8\r\n250-StartTls \r\n250-\r\n250-STARTTLSX\r\n250-X-DSN\r\n250 XCLIENT SIZE\r\n"));
        Assert.Equal(EhloExtensions.SmtpUtf8 | EhloExtensions.StartTls, capabilities.Extensions);
    }

    [Theory]
    [InlineData("SIZE 10240000", 10240000L)]
    [InlineData("size  1 ", 1L)]
    [InlineData("SIZE", null)]
    [InlineData("SIZE 0", null)]
    [InlineData("SIZE -5", null)]
    [InlineData("SIZE 1 2", null)]
    [InlineData("SIZE 99999999999999999999", null)]
    [InlineData("SIZE many", null)]
    public void A_size_that_is_no_limit_is_none(string line, long? expected)
    {
        EhloCapabilities capabilities = EhloCapabilities.Parse(WireSample.Reply($"250-mx\r\n250 {line}\r\n"));
        Assert.Equal(EhloExtensions.Size, capabilities.Extensions);
        Assert.Equal(expected, capabilities.MaxSize);
    }

    [Theory]
    [InlineData("250 PIPELINING.example.com\r\n")]
    [InlineData("250 PIPELINING\r\n")]
    [InlineData("250-PIPELINING\r\n250 X\r\n")]
    [InlineData("250\r\n")]
    public void The_first_line_names_the_server_and_announces_nothing(string wire) =>
        Assert.Equal(EhloCapabilities.None, EhloCapabilities.Parse(WireSample.Reply(wire)));

    [Fact]
    public void A_refusal_announces_nothing() =>
        Assert.Equal(EhloCapabilities.None, EhloCapabilities.Parse(WireSample.Reply("502-no\r\n502-PIPELINING\r\n502 SIZE 5\r\n")));
}
