using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed partial class LogEscapeTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5000);

    /// <summary>Bytes that forge, mixed with text.</summary>
    private static readonly Arbitrary<byte[]> Hostile = Gen.Frequency(
        (4, Gen.Elements("az09 =<>\"\\\r\n\t\0\u001b\u007fx"u8.ToArray()).Select(b => (byte[])[b])),
        (2, Gen.Elements("ü", "例", "😀", "\u202e", "\u2028", "\u00a0", "\u0085", "\u200b", "\ufeff", "\ufffd", "\ue000").Select(Encoding.UTF8.GetBytes)),
        (2, Gen.Choose(0, 255).Select(b => (byte[])[(byte)b]))).ArrayOf().Select(parts => parts.SelectMany(p => p).ToArray()).ToArbitrary();

    [Theory]
    [InlineData("user@example.com", "user@example.com")]
    [InlineData("550 5.1.1 <user@example.com>: User unknown", "550 5.1.1 \\x3cuser@example.com\\x3e: User unknown")]
    [InlineData("a\r\nb", "a\\x0d\\x0ab")]
    [InlineData("a\0b\u001b[31m", "a\\x00b\\x1b[31m")]
    [InlineData("\" verdict=\"deliverable", "\\x22 verdict=\\x22deliverable")]
    [InlineData("\\x22", "\\x5cx22")]
    [InlineData("jürgen@例え.テスト", "jürgen@例え.テスト")]
    [InlineData("😀", "😀")]
    [InlineData("a\u202eb", "a\\xe2\\x80\\xaeb")]
    [InlineData("a\u2028b", "a\\xe2\\x80\\xa8b")]
    [InlineData("a\u0085b", "a\\xc2\\x85b")]
    [InlineData("a\u00a0b", "a\\xc2\\xa0b")]
    [InlineData("a\ue000b", "a\\xee\\x80\\x80b")]
    [InlineData("", "")]
    public void What_could_forge_is_written_as_bytes_and_the_rest_stays_readable(string text, string expected)
    {
        Assert.Equal(expected, Escape(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(expected, LogEscape.Text(text));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xff, (byte)'b' }, "a\\xffb")]
    [InlineData(new byte[] { 0xc3 }, "\\xc3")]
    [InlineData(new byte[] { 0xe2, 0x82, (byte)'a' }, "\\xe2\\x82a")]
    [InlineData(new byte[] { 0xc0, 0x8a }, "\\xc0\\x8a")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }, "\\xed\\xa0\\x80")]
    public void Bytes_that_are_not_UTF8_are_written_as_bytes(byte[] text, string expected) => Assert.Equal(expected, Escape(text));

    [Fact]
    public void A_value_without_delimiters_has_its_spaces_escaped_too()
    {
        Assert.Equal("a\\x20verdict=b", Escape("a verdict=b"u8.ToArray(), token: true));
        Assert.Equal("a verdict=b", Escape("a verdict=b"u8.ToArray()));
        Assert.Equal("\\x20\\x20", Escape("  "u8.ToArray(), token: true));
    }

    [Fact]
    public void The_output_can_forge_no_field_no_line_and_no_direction() => Check.One(Thorough, Prop.ForAll(Hostile, ArbMap.Default.ArbFor<bool>(), (bytes, token) =>
    {
        string text = Escape(bytes, token);
        return !text.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune.Value is '"' or '<' or '>' or 0x202e or 0x2028 or 0x200b or 0xfeff)
            && (!token || !text.Contains(' ', StringComparison.Ordinal))
            && Enumerable.Range(0, text.Length).Where(i => text[i] == '\\').All(i => Escaped().IsMatch(text.AsSpan(i, Math.Min(4, text.Length - i))));
    }));

    [Fact]
    public void No_two_inputs_look_alike() => Check.One(Thorough, Prop.ForAll(Hostile, bytes =>
    {
        // What was escaped can be told from what was not: undoing it gives the input back.
        List<byte> undone = [];
        byte[] escaped = Encoding.UTF8.GetBytes(Escape(bytes));
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                undone.Add(escaped[i]);
                continue;
            }

            undone.Add(Convert.ToByte(Encoding.ASCII.GetString(escaped, i + 2, 2), 16));
            i += 3;
        }

        return undone.SequenceEqual(bytes);
    }));

    [Fact]
    public void A_short_destination_gets_the_beginning_and_never_half_a_character() =>
        Check.One(Thorough, Prop.ForAll(Hostile, Gen.Choose(0, 40).ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (bytes, room, token) =>
        {
            byte[] whole = Encoding.UTF8.GetBytes(Escape(bytes, token));
            byte[] destination = [.. Enumerable.Repeat((byte)'#', room + 8)];
            int written = LogEscape.Write(bytes, destination.AsSpan(0, room), token);
            return written <= room
                && destination.AsSpan(0, written).SequenceEqual(whole.AsSpan(0, written))
                && !destination.AsSpan(written).ContainsAnyExcept((byte)'#')
                && System.Text.Unicode.Utf8.IsValid(destination)
                && (written == whole.Length || room - written < LogEscape.MaxExpansion * 4)
                && (whole.Length > room || written == whole.Length);
        }));

    [Fact]
    public void Any_text_can_be_escaped() => Prop.ForAll<string>(text =>
        LogEscape.Text(text ?? "") is { } escaped && !escaped.Any(char.IsControl) && LogEscape.Text(text ?? "") == escaped).QuickCheckThrowOnFailure();

    [Fact]
    public void Plain_text_is_given_back_as_it_is()
    {
        string text = "2.1.5 Recipient OK";
        Assert.Same(text, LogEscape.Text(text));
    }

    private static string Escape(byte[] bytes, bool token = false)
    {
        byte[] destination = new byte[bytes.Length * LogEscape.MaxExpansion];
        return Encoding.UTF8.GetString(destination, 0, LogEscape.Write(bytes, destination, token));
    }

    [GeneratedRegex("^\\\\x[0-9a-f]{2}$")]
    private static partial Regex Escaped();

    [Theory]
    [InlineData("unknown key \"canari\", did you mean \"canary\"?", "unknown key \"canari\", did you mean \"canary\"?")]
    [InlineData("a \\x22 of the text's own", "a \\x5cx22 of the text's own")]
    [InlineData("line\nfeed \u001b[2J <a>", "line\\x0afeed \\x1b[2J \\x3ca\\x3e")]
    public void A_sentence_keeps_its_quotation_marks_and_nothing_else_that_is_escaped(string text, string expected) =>
        Assert.Equal(expected, LogEscape.Sentence(text));
}
