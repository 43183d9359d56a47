using System.Buffers;
using System.Text;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

/// <summary>What a byte of a recipient address can do to the dialogue: nothing.</summary>
public sealed class SmtpCommandInjectionTests
{
    private const string Start = "RCPT TO:<";
    private const string End = "@example.com>\r\n";

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5000);

    private static readonly Gen<byte[]> LocalPart = Gen.Frequency(
        (6, Gen.Choose(32, 126).Select(b => (byte)b)),
        (3, Gen.Elements("\"\\<>@. "u8.ToArray())),
        (1, Gen.Choose(0, 255).Select(b => (byte)b))).ArrayOf();

    [Theory]
    [InlineData("a>\r\nRSET")]
    [InlineData("a\r")]
    [InlineData("a\n")]
    [InlineData("\r\nDATA\r\n")]
    [InlineData("a\0b")]
    [InlineData("a\u007fb")]
    [InlineData("a\tb")]
    [InlineData("m\u00fcller")]
    public void What_cannot_be_quoted_is_refused(string localPart)
    {
        Assert.False(TryWrite(WireSample.Bytes(localPart), smtpUtf8: false, out string written, out WireError error));
        Assert.Equal(WireError.CommandForbiddenByte, error);
        Assert.Equal("", written);
    }

    [Theory]
    [InlineData("a> SIZE=1", "\"a> SIZE=1\"")]
    [InlineData("a@evil.example> NOTIFY=NEVER", "\"a@evil.example> NOTIFY=NEVER\"")]
    [InlineData("\"", "\"\\\"\"")]
    [InlineData("\\", "\"\\\\\"")]
    [InlineData("a\\\"@evil.example>", "\"a\\\\\\\"@evil.example>\"")]
    [InlineData(" ", "\" \"")]
    [InlineData("", "\"\"")]
    public void What_could_end_the_path_goes_out_inside_quotes(string localPart, string expected)
    {
        Assert.True(TryWrite(WireSample.Bytes(localPart), smtpUtf8: false, out string written, out _));
        Assert.Equal(Start + expected + End, written);
    }

    [Fact]
    public void Utf8_goes_out_with_smtputf8()
    {
        Assert.True(TryWrite(WireSample.Bytes("m\u00fcller"), smtpUtf8: true, out string written, out _));
        Assert.Equal(Start + "m\u00fcller" + End, written);
    }

    [Fact]
    public void Any_local_part_is_refused_or_comes_back_from_exactly_one_command_line()
    {
        int accepted = 0;
        Check.One(Thorough, Prop.ForAll(LocalPart.ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (localPart, smtpUtf8) =>
        {
            if (!TryWrite(localPart, smtpUtf8, out string written, out WireError error))
            {
                bool forbidden = localPart.Any(b => b is < 0x20 or 0x7f || (b > 0x7f && (!smtpUtf8 || !Utf8.IsValid(localPart))));
                return written.Length == 0 && (error == WireError.CommandTooLong ? localPart.Length > 100 : forbidden);
            }

            accepted++;
            return error == WireError.None
                && written.StartsWith(Start, StringComparison.Ordinal)
                && written.IndexOfAny(['\r', '\n']) == written.Length - 2
                && ReadAsServer(written, out string rest) == Encoding.UTF8.GetString(localPart)
                && rest == End;
        }));
        Assert.True(accepted > 1000, $"only {accepted} local parts were accepted");
    }

    /// <summary>Reads the local part as an independent server would: up to the first @ outside quotes, quotes undone.</summary>
    private static string ReadAsServer(string command, out string rest)
    {
        var localPart = new StringBuilder();
        bool quoted = false;
        int i = Start.Length;
        for (; quoted || command[i] != '@'; i++)
        {
            if (command[i] == '"')
            {
                quoted = !quoted;
                continue;
            }

            if (!quoted && command[i] is (' ' or '<' or '>' or '\\'))
            {
                rest = "path ended early";
                return "";
            }

            i += command[i] == '\\' ? 1 : 0;
            localPart.Append(command[i]);
        }

        rest = command[i..];
        return localPart.ToString();
    }

    private static bool TryWrite(byte[] localPart, bool smtpUtf8, out string written, out WireError error)
    {
        var output = new ArrayBufferWriter<byte>();
        bool result = SmtpCommandWriter.TryWriteRcptTo(output, localPart, "example.com"u8, smtpUtf8, out error);
        written = Encoding.UTF8.GetString(output.WrittenSpan);
        return result;
    }
}
