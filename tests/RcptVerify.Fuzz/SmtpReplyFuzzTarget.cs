using System.Buffers;
using System.Globalization;
using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Wire;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Fuzz;

/// <summary>
/// <see cref="SmtpReplyParser"/> against <see cref="SlowSmtpReplyParser"/>: replies of one and several lines with bytes changed, cut,
/// doubled and put in, arriving in portions and segments of any size, looked at anew each time and with what the look before found.
/// What comes out must be printable.
/// </summary>
internal sealed class SmtpReplyFuzzTarget : IFuzzTarget
{
    private static readonly SmtpReplyLimits Tight = new() { MaxLineBytes = 40, MaxLines = 3, MaxReplyBytes = 90 };

    public string Name => "smtp";

    public byte[] NewInput(Random random)
    {
        List<byte> input = [];
        for (int replies = random.Next(3); replies >= 0; replies--)
        {
            string code = (random.Next(10) == 0 ? random.Next(1000) : random.Next(200, 560)).ToString("D3", CultureInfo.InvariantCulture);
            for (int lines = random.Next(10) == 0 ? random.Next(140) : random.Next(4); lines >= 0; lines--)
            {
                input.AddRange(Encoding.ASCII.GetBytes(code));
                if (lines > 0 || random.Next(8) > 0)
                {
                    input.Add(lines == 0 ? (byte)' ' : (byte)'-');
                    input.AddRange(FuzzInput.Text("5.1.1 userÜ\t\u001b\u0085字%\"\\<>", random.Next(20) == 0 ? 2500 : 30, random));
                }

                input.AddRange(random.Next(8) == 0 ? "\n"u8 : "\r\n"u8);
            }
        }

        FuzzInput.Mutate(input, "\r\n- 25\0"u8, random);
        return [.. input];
    }

    public string? Check(byte[] input, Random random)
    {
        SmtpReplyLimits limits = random.Next(2) == 0 ? Tight : SmtpReplyLimits.Default;
        SmtpReplyScanState state = default;
        int start = 0;
        foreach (int there in FuzzInput.Arrivals(input.Length, random))
        {
            SlowSmtpReplyParser expected;
            do
            {
                ReadOnlySequence<byte> arrived = FragmentedSequence.CutAtRandom(input.AsMemory(start..there), random);
                expected = SlowSmtpReplyParser.Parse(input.AsSpan(start..there), limits);
                if ((FindDifference(arrived, limits, expected) ?? FindDrippedDifference(arrived, limits, expected, ref state)) is { } difference)
                    return $"at {start}, {there} of {input.Length} bytes there: {difference}";
                start += expected.Length;
            }
            while (expected.Status == OperationStatus.Done);
            if (expected.Status == OperationStatus.InvalidData)
                return null;
        }

        return null;
    }

    private static string? FindDifference(ReadOnlySequence<byte> arrived, SmtpReplyLimits limits, SlowSmtpReplyParser expected)
    {
        ReadOnlySequence<byte> buffer = arrived;
        OperationStatus status = SmtpReplyParser.TryParse(ref buffer, limits, out SmtpReply? reply, out WireError error);
        SlowSmtpReplyParser found = new(
            status, error, (int)(arrived.Length - buffer.Length), reply?.Code.ToString(CultureInfo.InvariantCulture) ?? "", reply?.Lines.Count ?? 0);
        if (found != expected)
            return $"{found} instead of {expected}";
        return reply is null || !reply.Lines.Append(reply.Text).Append(reply.ToString()).Any(text => text.Any(char.IsControl))
            ? null
            : $"not printable: {Convert.ToHexString(Encoding.UTF8.GetBytes(reply.ToString()))}";
    }

    /// <summary>The same with the state: of several faults it may have met another one first.</summary>
    private static string? FindDrippedDifference(
        ReadOnlySequence<byte> arrived, SmtpReplyLimits limits, SlowSmtpReplyParser expected, ref SmtpReplyScanState state)
    {
        ReadOnlySequence<byte> buffer = arrived;
        OperationStatus status = SmtpReplyParser.TryParse(ref buffer, limits, ref state, out _, out WireError error);
        long consumed = arrived.Length - buffer.Length;
        return status == expected.Status && consumed == expected.Length && (error == WireError.None) == (expected.Error == WireError.None)
            ? null
            : $"with its state: {status}, {error}, {consumed} bytes instead of {expected}";
    }
}
