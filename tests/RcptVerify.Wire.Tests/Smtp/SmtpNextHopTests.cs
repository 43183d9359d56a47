using System.Text;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

/// <summary>Next hops as Postfix writes them, and what must not pass for one.</summary>
public sealed class SmtpNextHopTests
{
    [Theory]
    [InlineData("[10.0.0.5]", "10.0.0.5", 25, false, "[10.0.0.5]:25")]
    [InlineData("[10.0.0.5]:2525", "10.0.0.5", 2525, false, "[10.0.0.5]:2525")]
    [InlineData("10.0.0.5:2525", "10.0.0.5", 2525, false, "[10.0.0.5]:2525")]
    [InlineData("[Ex1.Corp.Example]", "ex1.corp.example", 25, false, "[ex1.corp.example]:25")]
    [InlineData("[ex_1.corp.example]:65535", "ex_1.corp.example", 65535, false, "[ex_1.corp.example]:65535")]
    [InlineData("corp.example:1", "corp.example", 1, true, "corp.example:1")]
    [InlineData("localhost:26", "localhost", 26, true, "localhost:26")]
    [InlineData("[::1]", "::1", 25, false, "[::1]:25")]
    [InlineData("[2001:DB8::0005]:26", "2001:db8::5", 26, false, "[2001:db8::5]:26")]
    [InlineData("[IPv6:2001:db8::5]:26", "2001:db8::5", 26, false, "[2001:db8::5]:26")]
    [InlineData("[ipv6:::ffff:10.0.0.5]", "::ffff:10.0.0.5", 25, false, "[::ffff:10.0.0.5]:25")]
    public void Host_and_port_are_read_and_brackets_mean_no_MX_lookup(string text, string host, int port, bool hasMx, string written)
    {
        Assert.True(SmtpNextHop.TryRead(Encoding.UTF8.GetBytes(text), out SmtpNextHop hop));

        Assert.Equal((host, port, hasMx), (hop.Host, hop.Port, hop.HasMx));
        Assert.Equal(host.Contains(':', StringComparison.Ordinal) || char.IsAsciiDigit(host[0]) ? host : null, hop.Address?.ToString());
        Assert.Equal(written, hop.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")] // what a domain without any transport has
    [InlineData("[]")]
    [InlineData("[]:25")]
    [InlineData(":25")]
    [InlineData("[10.0.0.5")]
    [InlineData("10.0.0.5]:25")]
    [InlineData("[10.0.0.5]25")]
    [InlineData("[10.0.0.5]:")]
    [InlineData("[10.0.0.5]:0")]
    [InlineData("[10.0.0.5]:025")]
    [InlineData("[10.0.0.5]:65536")]
    [InlineData("[10.0.0.5]:+25")]
    [InlineData("[10.0.0.5]:25 ")]
    [InlineData("[10.0.0.5]:smtp")]
    [InlineData("[10.0.0.5]:25:26")]
    [InlineData("[[10.0.0.5]]")]
    [InlineData("[10.0.0.5],[10.0.0.6]")]
    [InlineData("[10.0.0.5] [10.0.0.6]")]
    [InlineData("inet:10.0.0.5:24")]
    [InlineData("unix:/run/lmtp")]
    [InlineData("User unknown in virtual alias table")]
    [InlineData("5.1.1 User unknown: nobody")]
    [InlineData("::1:25")]
    [InlineData("IPv6:2001:db8::5")]
    [InlineData("[IPv6:10.0.0.5]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("[:::]")]
    [InlineData("[1]")]
    [InlineData("[010.0.0.5]")]
    [InlineData("[0x7f.0.0.1]")]
    [InlineData("[0x7f000001]")]
    [InlineData("[127.0.1]")]
    [InlineData("[10.0.0.256]")]
    [InlineData("[host.0x7f]")]
    [InlineData("[ex1..example]")]
    [InlineData("[.example]")]
    [InlineData("[example.]")]
    [InlineData("[-ex.example]")]
    [InlineData("[ex-.example]")]
    [InlineData("[ex1.example%00]")]
    [InlineData("[ex1\0.example]")]
    [InlineData("[ex1\r\n.example]")]
    [InlineData("[ex1/../x]")]
    [InlineData("[user@example.com]")]
    [InlineData("[bücher.example]")]
    public void All_else_is_none(string text) => Assert.False(SmtpNextHop.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void The_longest_name_is_taken_and_a_longer_one_is_not()
    {
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{new string('b', 61)}";
        Assert.Equal(SmtpNextHop.MaxBytes, $"[{longest}]:65535".Length);

        Assert.True(SmtpNextHop.TryRead(Encoding.ASCII.GetBytes($"[{longest}]:65535"), out _));
        Assert.False(SmtpNextHop.TryRead(Encoding.ASCII.GetBytes($"[{longest}b]:25"), out _));
        Assert.False(SmtpNextHop.TryRead(Encoding.ASCII.GetBytes($"[{label}a.example]"), out _));
        Assert.False(SmtpNextHop.TryRead(Encoding.ASCII.GetBytes($"[{new string('a', 100_000)}]"), out _));
    }
}
