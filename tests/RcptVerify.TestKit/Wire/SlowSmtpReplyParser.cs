using System.Buffers;
using System.Text;
using RcptVerify.Wire;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.TestKit;

/// <summary>What <see cref="SmtpReplyParser"/> must find, worked out line by line on strings.</summary>
public sealed record SlowSmtpReplyParser(OperationStatus Status, WireError Error, int Length, string Code = "", int Lines = 0)
{
    /// <summary>Parses the first reply of the bytes.</summary>
    public static SlowSmtpReplyParser Parse(ReadOnlySpan<byte> bytes, SmtpReplyLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);

        // Latin-1: one character a byte.
        string text = Encoding.Latin1.GetString(bytes);
        string[] lines = text.Split('\n');
        string? code = null;
        int length = 0;
        for (int i = 0; i < lines.Length - 1; i++)
        {
            string line = lines[i];
            length += line.Length + 1;
            WireError error = line.Length >= limits.MaxLineBytes ? WireError.ReplyLineTooLong
                : length > limits.MaxReplyBytes ? WireError.ReplyTooLong
                : HeadFault(line, code) is var head and not WireError.None ? head
                : line.Length < 3 ? WireError.ReplyBadCode
                : line.Length > 3 && line[3] == '\r' && line[3..].Trim('\r').Length > 0 ? WireError.ReplyBadSeparator
                : line.Contains('\0', StringComparison.Ordinal) ? WireError.ReplyNul
                : WireError.None;
            if (error != WireError.None)
                return Invalid(error);
            code ??= line[..3];
            if (!line[3..].StartsWith('-'))
                return new(OperationStatus.Done, WireError.None, length, code, i + 1);
            if (i + 1 >= limits.MaxLines)
                return Invalid(WireError.ReplyTooManyLines);
        }

        WireError unfinished = lines[^1].Length >= limits.MaxLineBytes ? WireError.ReplyLineTooLong
            : text.Length >= limits.MaxReplyBytes ? WireError.ReplyTooLong
            : HeadFault(lines[^1], code);
        return unfinished == WireError.None ? new(OperationStatus.NeedMoreData, WireError.None, 0) : Invalid(unfinished);
    }

    private static SlowSmtpReplyParser Invalid(WireError error) => new(OperationStatus.InvalidData, error, 0);

    private static WireError HeadFault(string line, string? code)
    {
        string digits = line[..Math.Min(3, line.Length)];
        if (!digits.All(char.IsAsciiDigit) || (digits.Length > 0 && digits[0] is < '2' or > '5'))
            return WireError.ReplyBadCode;
        if (digits.Length == 3 && code is not null && digits != code)
            return WireError.ReplyCodeChanged;
        return line.Length > 3 && line[3] is not (' ' or '-' or '\r') ? WireError.ReplyBadSeparator : WireError.None;
    }
}
