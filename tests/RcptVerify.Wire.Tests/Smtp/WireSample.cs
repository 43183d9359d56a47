using System.Buffers;
using System.Text;
using RcptVerify.Wire.Smtp;
using Xunit;

namespace RcptVerify.Wire.Tests.Smtp;

/// <summary>Short ways to put bytes together, cut them up and have them parsed.</summary>
internal static class WireSample
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The bytes as one segment per piece, cut at the given ascending positions.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, params IEnumerable<int> positions)
    {
        Segment? first = null;
        Segment? last = null;
        int start = 0;
        foreach (int end in positions.Append(bytes.Length))
        {
            last = new Segment(bytes.AsMemory(start..end), last);
            first ??= last;
            start = end;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    /// <summary>One segment for each byte.</summary>
    public static ReadOnlySequence<byte> Shred(byte[] bytes) => Cut(bytes, Enumerable.Range(1, Math.Max(0, bytes.Length - 1)));

    public static SmtpReply Reply(string text) => Reply(Bytes(text));

    public static SmtpReply Reply(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(OperationStatus.Done, SmtpReplyParser.TryParse(ref buffer, SmtpReplyLimits.Default, out SmtpReply? reply, out _));
        Assert.True(buffer.IsEmpty);
        return reply!;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
