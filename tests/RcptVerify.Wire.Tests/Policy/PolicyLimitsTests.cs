using System.Buffers;
using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Wire.Policy;
using Xunit;

namespace RcptVerify.Wire.Tests.Policy;

/// <summary>Each cap holds at exactly the limit, is broken by one more, and is checked before more data is asked for.</summary>
[Collection(Alone.Name)]
public sealed class PolicyLimitsTests
{
    private static readonly PolicyLimits Default = PolicyLimits.Default;

    // "request" is what the scanner expects on the first line, "sender" is not: two ways through it.
    [Theory]
    [InlineData("request", 0, false, OperationStatus.NeedMoreData, WireError.None)]
    [InlineData("request", 0, true, OperationStatus.Done, WireError.None)]
    [InlineData("request", 1, false, OperationStatus.InvalidData, WireError.LineTooLong)]
    [InlineData("request", 1, true, OperationStatus.InvalidData, WireError.LineTooLong)]
    [InlineData("sender", 0, false, OperationStatus.NeedMoreData, WireError.None)]
    [InlineData("sender", 0, true, OperationStatus.Done, WireError.None)]
    [InlineData("sender", 1, false, OperationStatus.InvalidData, WireError.LineTooLong)]
    [InlineData("sender", 1, true, OperationStatus.InvalidData, WireError.LineTooLong)]
    public void A_line(string name, int over, bool ended, OperationStatus expected, WireError expectedError)
    {
        string line = $"{name}=".PadRight(Default.MaxLineBytes + over, 'x');
        Check(line + (ended ? "\n\n" : ""), expected, expectedError);
    }

    [Theory]
    [InlineData("", OperationStatus.NeedMoreData, WireError.None)]
    [InlineData("\n", OperationStatus.Done, WireError.None)]
    [InlineData("x", OperationStatus.InvalidData, WireError.TooManyAttributes)]
    [InlineData("x=y\n\n", OperationStatus.InvalidData, WireError.TooManyAttributes)]
    public void The_number_of_attributes(string afterTheLast, OperationStatus expected, WireError expectedError)
    {
        string lines = string.Concat(Enumerable.Range(0, Default.MaxAttributes).Select(static i => $"a{i}=\n"));
        Check(lines + afterTheLast, expected, expectedError);
    }

    [Fact]
    public void The_number_of_attributes_that_come_as_expected()
    {
        // Twice: names at the very end of the input are read in the other way.
        byte[] bytes = PolicySamples.Bytes(PolicySamples.Postfix312 + PolicySamples.Postfix312);
        foreach (int limit in Enumerable.Range(1, PolicyAttributes.Count))
        {
            ReadOnlySequence<byte> buffer = new(bytes);
            PolicyRequestParser.TryParse(ref buffer, new(), new() { MaxAttributes = limit }, out WireError error);
            Assert.Equal(limit < PolicyAttributes.Count ? WireError.TooManyAttributes : WireError.None, error);
        }
    }

    [Theory]
    [InlineData(-1, false, OperationStatus.NeedMoreData, WireError.None)]
    [InlineData(0, false, OperationStatus.InvalidData, WireError.RequestTooLarge)]
    [InlineData(0, true, OperationStatus.Done, WireError.None)]
    [InlineData(1, true, OperationStatus.InvalidData, WireError.RequestTooLarge)]
    public void The_request(int over, bool ended, OperationStatus expected, WireError expectedError)
    {
        // Full lines as long as they fit, then one that brings the request to its length.
        string line = "x=".PadRight(1023, 'x') + "\n";
        int length = Default.MaxRequestBytes + over;
        StringBuilder text = new();
        while (text.Length + line.Length + 10 < length)
            text.Append(line);
        string end = ended ? "\n\n" : "";
        text.Append("sender=").Append('y', length - text.Length - end.Length).Append(end);
        Assert.Equal(length, text.Length);
        Check(text.ToString(), expected, expectedError);
    }

    [Fact]
    public void Ten_thousand_attributes_are_refused_at_the_first_too_many()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(static i => $"a{i}=b\n")) + "\n");
        Check(Encoding.ASCII.GetString(bytes), OperationStatus.InvalidData, WireError.TooManyAttributes);
        Assert.Null(PolicyAgreement.FindDifference(bytes, Enumerable.Repeat(1, bytes.Length), Default, new Random(2)));
    }

    [Fact]
    public void A_line_without_end_that_trickles_in_costs_one_buffer_of_the_size_of_the_line_limit()
    {
        byte[] bytes = new byte[2 * Default.MaxRequestBytes];
        bytes.AsSpan().Fill((byte)'x');

        // As a pipe hands it over: blocks of 4 KiB, the last one filling up.
        int[] blocks = [.. Enumerable.Range(1, (bytes.Length / 4096) - 1).Select(static i => i * 4096)];
        PolicyRequest request = new();
        long parsing = 0;
        for (int length = 1; ; length++)
        {
            ReadOnlySequence<byte> buffer = FragmentedSequence.Cut(bytes, blocks).Slice(0, length);
            long before = GC.GetAllocatedBytesForCurrentThread();
            OperationStatus status = PolicyRequestParser.TryParse(ref buffer, request, Default, out WireError error);
            parsing += GC.GetAllocatedBytesForCurrentThread() - before;
            if (status == OperationStatus.NeedMoreData)
                continue;

            Assert.Equal(WireError.LineTooLong, error);
            Assert.Equal(Default.MaxLineBytes + 1, length);
            break;
        }

        Assert.InRange(parsing, Default.MaxLineBytes, 5 * Default.MaxLineBytes);
    }

    [Fact]
    public void Limits_below_one_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolicyLimits { MaxLineBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolicyLimits { MaxAttributes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolicyLimits { MaxRequestBytes = 0 });
    }

    private static void Check(string text, OperationStatus expected, WireError expectedError)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Random random = new(3);
        PolicyRequest request = new();
        for (int cuts = 0; cuts < 20; cuts++)
        {
            ReadOnlySequence<byte> buffer =
                cuts == 0 ? new ReadOnlySequence<byte>(bytes) : FragmentedSequence.CutAtRandom(bytes, random);
            Assert.Equal(expected, PolicyRequestParser.TryParse(ref buffer, request, Default, out WireError error));
            Assert.Equal(expectedError, error);
            request.Reset();
        }
    }
}
