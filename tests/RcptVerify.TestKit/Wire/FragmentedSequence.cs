using System.Buffers;

namespace RcptVerify.TestKit;

/// <summary>The same bytes as a pipe may hand them over: cut into segments anywhere.</summary>
public static class FragmentedSequence
{
    /// <summary>Cuts before each of the given positions, which must rise; equal ones give empty segments.</summary>
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, params ReadOnlySpan<int> positions)
    {
        Segment? first = null;
        Segment? last = null;
        int start = 0;
        foreach (int position in positions)
        {
            Append(bytes[start..position]);
            start = position;
        }

        Append(bytes[start..]);
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);

        void Append(ReadOnlyMemory<byte> memory)
        {
            last = new Segment(memory, last);
            first ??= last;
        }
    }

    /// <summary>Whole, in two segments cut at every position (both ends included), and in segments of one byte.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> EverySplit(ReadOnlyMemory<byte> bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        for (int position = 0; position <= bytes.Length; position++)
            yield return Cut(bytes, position);
        yield return ByteByByte(bytes);
    }

    /// <summary>One byte a segment.</summary>
    public static ReadOnlySequence<byte> ByteByByte(ReadOnlyMemory<byte> bytes) =>
        Cut(bytes, [.. Enumerable.Range(1, Math.Max(0, bytes.Length - 1))]);

    /// <summary>Cuts at up to eight positions.</summary>
    public static ReadOnlySequence<byte> CutAtRandom(ReadOnlyMemory<byte> bytes, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);

        int[] positions = new int[random.Next(9)];
        for (int i = 0; i < positions.Length; i++)
            positions[i] = random.Next(bytes.Length + 1);
        Array.Sort(positions);
        return Cut(bytes, positions);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
