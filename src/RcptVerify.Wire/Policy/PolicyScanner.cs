using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RcptVerify.Wire.Policy;

/// <summary>Where the values of a request lie, counted from its first byte; valid where the bit of the attribute is set.</summary>
[InlineArray(PolicyAttributes.Count)]
internal struct PolicyValueTable
{
    private (int Start, int Length) _first;
}

/// <summary>
/// Scans one request, each byte once, however often the bytes arrive in part: it stops at the end of what there is
/// and goes on from there. Only newlines, "=" and NULs are looked at; 64 bytes are searched at a time.
/// </summary>
/// <remarks>
/// A fault is reported as soon as the byte that makes it one has been seen, and the earliest one wins, so the outcome
/// does not depend on how the bytes were cut into reads.
/// </remarks>
internal struct PolicyScanner
{
    private const int BlockBytes = 64;

    private int _lineStart;
    private int _attributes;

    // One more than the position of the line's first "=", 0 while none was seen.
    private int _valueStart;

    /// <summary>Bytes scanned so far; the length of the request once it is done.</summary>
    public int Position { get; private set; }

    /// <summary>Bit n is set when attribute n was seen.</summary>
    public uint Present { get; private set; }

    /// <param name="bytes">The request from its first byte on, and perhaps what follows it.</param>
    /// <param name="limits">The caps.</param>
    /// <param name="values">Receives positions of values.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    public OperationStatus Scan(ReadOnlySpan<byte> bytes, PolicyLimits limits, ref PolicyValueTable values, out WireError error)
    {
        if (bytes.Length > limits.MaxRequestBytes)
            bytes = bytes[..limits.MaxRequestBytes];

        ref byte origin = ref MemoryMarshal.GetReference(bytes);
        int maxLine = limits.MaxLineBytes;
        int maxAttributes = limits.MaxAttributes;
        int lineStart = _lineStart;
        int valueStart = _valueStart;
        int attributes = _attributes;
        uint present = Present;

        for (int block = Position; block < bytes.Length; block += BlockBytes)
        {
            ulong marks = bytes.Length - block >= BlockBytes
                ? FindMarks(ref Unsafe.Add(ref origin, block))
                : FindMarksInTail(bytes, block);

            for (; marks != 0; marks &= marks - 1)
            {
                int at = block + BitOperations.TrailingZeroCount(marks);
                byte mark = Unsafe.Add(ref origin, at);
                if (mark == (byte)'=')
                {
                    if (valueStart == 0)
                        valueStart = at + 1;
                    continue;
                }

                int length = at - lineStart;
                if (mark == 0)
                {
                    error = FaultOfOpenLine(length + 1, valueStart == lineStart + 1, attributes, limits);
                    if (error == WireError.None)
                        error = WireError.InvalidByte;
                    return OperationStatus.InvalidData;
                }

                int nameLength = valueStart - 1 - lineStart;
                if (nameLength <= 0 || length > maxLine || attributes >= maxAttributes)
                {
                    if (length == 0 && attributes > 0)
                    {
                        Position = at + 1;
                        Present = present;
                        error = WireError.None;
                        return OperationStatus.Done;
                    }

                    error = FaultOfLine(length, nameLength, attributes, limits);
                    return OperationStatus.InvalidData;
                }

                int attribute = PolicyAttributes.Find(bytes.Slice(lineStart, nameLength));
                if (attribute >= 0)
                {
                    values[attribute] = (valueStart, at - valueStart);
                    present |= 1u << attribute;
                }

                attributes++;
                lineStart = at + 1;
                valueStart = 0;
            }
        }

        error = FaultOfOpenLine(bytes.Length - lineStart, valueStart == lineStart + 1, attributes, limits);
        if (error == WireError.None && bytes.Length == limits.MaxRequestBytes)
            error = WireError.RequestTooLarge;
        if (error != WireError.None)
            return OperationStatus.InvalidData;

        _lineStart = lineStart;
        _valueStart = valueStart;
        _attributes = attributes;
        Present = present;
        Position = bytes.Length;
        return OperationStatus.NeedMoreData;
    }

    /// <summary>The fault of a line of which so many bytes were seen and whose end was not.</summary>
    private static WireError FaultOfOpenLine(int length, bool emptyName, int attributes, PolicyLimits limits)
    {
        if (length > 0 && attributes >= limits.MaxAttributes)
            return WireError.TooManyAttributes;
        if (emptyName)
            return WireError.EmptyName;
        return length > limits.MaxLineBytes ? WireError.LineTooLong : WireError.None;
    }

    /// <summary>The fault of a line that ended. Call it only if there is one.</summary>
    private static WireError FaultOfLine(int length, int nameLength, int attributes, PolicyLimits limits)
    {
        if (length == 0)
            return WireError.EmptyRequest;

        WireError error = FaultOfOpenLine(length, nameLength == 0, attributes, limits);
        return error != WireError.None ? error : WireError.MissingEquals;
    }

    /// <summary>Bit n is set when byte n of the 64 is a newline, "=" or NUL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FindMarks(ref byte block)
    {
        uint low = FindMarks(Vector256.LoadUnsafe(ref block));
        uint high = FindMarks(Vector256.LoadUnsafe(ref block, (nuint)Vector256<byte>.Count));
        return low | ((ulong)high << Vector256<byte>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindMarks(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'='))
            | Vector256.Equals(bytes, Vector256<byte>.Zero)).ExtractMostSignificantBits();

    /// <summary>As <see cref="FindMarks(ref byte)"/> for the last bytes, which do not fill a block.</summary>
    private static ulong FindMarksInTail(ReadOnlySpan<byte> bytes, int start)
    {
        // Reads the last 64 bytes there are and drops those that came before.
        if (bytes.Length >= BlockBytes)
        {
            int overlap = start - (bytes.Length - BlockBytes);
            return FindMarks(ref MemoryMarshal.GetReference(bytes[^BlockBytes..])) >> overlap;
        }

        ulong marks = 0;
        for (int i = start; i < bytes.Length; i++)
        {
            if (bytes[i] is (byte)'\n' or (byte)'=' or 0)
                marks |= 1ul << (i - start);
        }

        return marks;
    }
}
