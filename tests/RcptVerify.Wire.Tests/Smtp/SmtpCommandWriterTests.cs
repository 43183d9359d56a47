using System.Buffers;
using System.Text;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

[Collection(Alone.Name)]
public sealed class SmtpCommandWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    private string Written => Encoding.UTF8.GetString(_output.WrittenSpan);

    [Fact]
    public void Commands_without_arguments_are_what_the_rfcs_say()
    {
        SmtpCommandWriter.WriteRset(_output);
        SmtpCommandWriter.WriteData(_output);
        SmtpCommandWriter.WriteStartTls(_output);
        SmtpCommandWriter.WriteBdat(_output, 0, last: true);
        SmtpCommandWriter.WriteBdat(_output, int.MaxValue, last: false);
        SmtpCommandWriter.WriteQuit(_output);
        Assert.Equal("RSET\r\nDATA\r\nSTARTTLS\r\nBDAT 0 LAST\r\nBDAT 2147483647\r\nQUIT\r\n", Written);
    }

    [Fact]
    public void Negative_lengths_are_a_caller_s_mistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SmtpCommandWriter.WriteBdat(_output, -1, last: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmtpCommandWriter.TryWriteMailFrom(_output, default, false, -1, default, out _));
        Assert.Equal("", Written);
    }

    [Theory]
    [InlineData("mx.example.com")]
    [InlineData("mx_1.example.com")]
    [InlineData("localhost")]
    [InlineData("[192.0.2.1]")]
    [InlineData("[IPv6:2001:db8::1]")]
    public void Ehlo_and_helo_carry_the_domain(string domain)
    {
        Assert.True(SmtpCommandWriter.TryWriteEhlo(_output, WireSample.Bytes(domain), out WireError ehlo));
        Assert.True(SmtpCommandWriter.TryWriteHelo(_output, WireSample.Bytes(domain), out WireError helo));
        Assert.Equal((WireError.None, WireError.None), (ehlo, helo));
        Assert.Equal($"EHLO {domain}\r\nHELO {domain}\r\n", Written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mx\r\nRSET")]
    [InlineData("mx\n")]
    [InlineData("mx\0")]
    [InlineData("mx example")]
    [InlineData("mx>")]
    [InlineData("<mx")]
    [InlineData(".mx")]
    [InlineData("mx.")]
    [InlineData("mx..example")]
    [InlineData("m\u00fcller.example")]
    [InlineData("[]")]
    [InlineData("[192.0.2.1")]
    [InlineData("[192.0.2.1] x")]
    [InlineData("[a]b]")]
    [InlineData("[a>b]")]
    [InlineData("[a b]")]
    [InlineData("[a\r\nb]")]
    public void A_domain_that_is_none_is_refused_in_every_command(string domain)
    {
        byte[] bytes = WireSample.Bytes(domain);
        Assert.False(SmtpCommandWriter.TryWriteEhlo(_output, bytes, out WireError ehlo));
        Assert.False(SmtpCommandWriter.TryWriteHelo(_output, bytes, out WireError helo));
        Assert.False(TryWriteMailFrom([.. "a@"u8, .. bytes], false, out WireError mail));
        Assert.False(SmtpCommandWriter.TryWriteRcptTo(_output, "a"u8, bytes, false, out WireError rcpt));
        Assert.All([ehlo, helo, mail, rcpt], error => Assert.Equal(WireError.CommandForbiddenByte, error));
        Assert.Equal("", Written);
    }

    [Theory]
    [InlineData("", false, 0, SmtpBodyType.Unspecified, "MAIL FROM:<>\r\n")]
    [InlineData("double-bounce@mx.example.com", false, 0, SmtpBodyType.Unspecified, "MAIL FROM:<double-bounce@mx.example.com>\r\n")]
    [InlineData("\"a b\\\"@>\"@example.com", false, 0, SmtpBodyType.Unspecified, "MAIL FROM:<\"a b\\\"@>\"@example.com>\r\n")]
    [InlineData("a@[192.0.2.1]", false, 1024, SmtpBodyType.BinaryMime, "MAIL FROM:<a@[192.0.2.1]> SIZE=1024 BODY=BINARYMIME\r\n")]
    [InlineData("m\u00fc@\u6f22.example", true, long.MaxValue, SmtpBodyType.EightBitMime,
        "MAIL FROM:<m\u00fc@\u6f22.example> SIZE=9223372036854775807 BODY=8BITMIME SMTPUTF8\r\n")]
    public void Mail_carries_the_sender_and_its_parameters(string path, bool smtpUtf8, long size, SmtpBodyType body, string expected)
    {
        Assert.True(SmtpCommandWriter.TryWriteMailFrom(_output, WireSample.Bytes(path), smtpUtf8, size, body, out WireError error));
        Assert.Equal(WireError.None, error);
        Assert.Equal(expected, Written);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("@example.com")]
    [InlineData("a@")]
    [InlineData("a b@example.com")]
    [InlineData("a@example.com> SIZE=1")]
    [InlineData("a>@example.com")]
    [InlineData("<a@example.com>")]
    [InlineData("a@b@example.com")]
    [InlineData("@relay.example:a@example.com")]
    [InlineData("\"a@example.com")]
    [InlineData("\"a\\\"@example.com")]
    [InlineData("\"a\\")]
    [InlineData("\"a\"b@example.com")]
    [InlineData("\"a\r\nRSET\"@example.com")]
    [InlineData("\"a\\\u00fc\"@example.com")]
    [InlineData("a\u007f@example.com")]
    public void A_sender_that_is_no_mailbox_is_refused(string path)
    {
        Assert.False(TryWriteMailFrom(WireSample.Bytes(path), smtpUtf8: true, out WireError error));
        Assert.Equal(WireError.CommandForbiddenByte, error);
        Assert.Equal("", Written);
    }

    [Fact]
    public void A_utf8_sender_takes_smtputf8()
    {
        Assert.False(TryWriteMailFrom(WireSample.Bytes("m\u00fc@example.com"), false, out WireError error));
        Assert.Equal(WireError.CommandForbiddenByte, error);
    }

    [Fact]
    public void Lengths_may_fill_the_limits_and_not_exceed_them()
    {
        byte[] domain = WireSample.Bytes(string.Join('.', Enumerable.Repeat(new string('d', 63), 4)));
        Assert.Equal(SmtpCommandWriter.MaxDomainBytes, domain.Length);
        Assert.True(SmtpCommandWriter.TryWriteEhlo(_output, domain, out _));
        Assert.False(SmtpCommandWriter.TryWriteEhlo(_output, [.. domain, (byte)'d'], out WireError error));
        Assert.Equal(WireError.CommandTooLong, error);

        byte[] mailbox = WireSample.Bytes(new string('a', 242) + "@example.com");
        Assert.Equal(SmtpCommandWriter.MaxMailboxBytes, mailbox.Length);
        Assert.True(SmtpCommandWriter.TryWriteMailFrom(_output, mailbox, true, long.MaxValue, SmtpBodyType.BinaryMime, out _));
        Assert.False(TryWriteMailFrom([(byte)'a', .. mailbox], false, out error));
        Assert.Equal(WireError.CommandTooLong, error);

        Assert.True(SmtpCommandWriter.TryWriteRcptTo(_output, mailbox.AsSpan(..242), "example.com"u8, false, out _));
        Assert.False(SmtpCommandWriter.TryWriteRcptTo(_output, mailbox.AsSpan(..242), "example.org."u8, false, out error));
        Assert.Equal(WireError.CommandTooLong, error);
        Assert.False(SmtpCommandWriter.TryWriteRcptTo(_output, default, new byte[100_000], false, out error));
        Assert.Equal(WireError.CommandTooLong, error);
        Assert.All(Written.Split("\r\n"), line => Assert.True(line.Length + 2 <= SmtpCommandWriter.MaxCommandBytes));
    }

    [Fact]
    public void The_length_that_counts_is_the_quoted_one()
    {
        byte[] quotes = WireSample.Bytes(new string('"', 120));
        Assert.True(SmtpCommandWriter.TryWriteRcptTo(_output, quotes, "12345678901"u8, false, out _));
        Assert.False(SmtpCommandWriter.TryWriteRcptTo(_output, quotes, "123456789012"u8, false, out WireError error));
        Assert.Equal(WireError.CommandTooLong, error);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        WriteAll(output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            WriteAll(output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private bool TryWriteMailFrom(byte[] reversePath, bool smtpUtf8, out WireError error) =>
        SmtpCommandWriter.TryWriteMailFrom(_output, reversePath, smtpUtf8, 0, SmtpBodyType.Unspecified, out error);

    private static void WriteAll(ArrayBufferWriter<byte> output)
    {
        bool written = SmtpCommandWriter.TryWriteEhlo(output, "mx.example.com"u8, out _)
            & SmtpCommandWriter.TryWriteMailFrom(output, "\"a b\"@example.com"u8, true, 1000, SmtpBodyType.EightBitMime, out _)
            & SmtpCommandWriter.TryWriteRcptTo(output, "a b\""u8, "example.com"u8, true, out _);
        SmtpCommandWriter.WriteBdat(output, 1000, last: true);
        SmtpCommandWriter.WriteRset(output);
        if (!written)
        {
            Assert.Fail("nothing written");
        }
    }
}
