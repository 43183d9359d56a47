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
/// Scans one request, however often its bytes arrive in part: it stops at the end of what there is and goes on from
/// there, so the time is linear in the bytes. Newlines and NULs are searched for 64 bytes at a time, and a line is
/// first held against the name that Postfix sends after the one before.
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
    private int _expected;

    /// <summary>Bytes scanned so far; the length of the request once it is done.</summary>
    public int Position { get; private set; }

    /// <summary>Bit n is set when attribute n was seen.</summary>
    public uint Present { get; private set; }

    /// <param name="bytes">The request from its first byte on, and perhaps what follows it.</param>
    /// <param name="limits">The caps.</param>
    /// <param name="values">Receives the positions of values.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    public OperationStatus Scan(ReadOnlySpan<byte> bytes, PolicyLimits limits, ref PolicyValueTable values, out WireError error)
    {
        if (bytes.Length > limits.MaxRequestBytes)
            bytes = bytes[..limits.MaxRequestBytes];

        ref byte origin = ref MemoryMarshal.GetReference(bytes);
        int maxLine = limits.MaxLineBytes;
        int maxAttributes = limits.MaxAttributes;
        int lineStart = _lineStart;
        int attributes = _attributes;
        int expected = _expected;
        uint present = Present;

        for (int block = Position; block < bytes.Length; block += BlockBytes)
        {
            ulong newlines = bytes.Length - block >= BlockBytes
                ? FindNewlines(ref Unsafe.Add(ref origin, block), out ulong nuls)
                : FindNewlinesInTail(bytes, block, out nuls);

            // Those before the first NUL.
            newlines &= (nuls - 1) & ~nuls;

            for (; newlines != 0; newlines &= newlines - 1)
            {
                int lineEnd = block + BitOperations.TrailingZeroCount(newlines);
                if (lineEnd - lineStart <= maxLine
                    && attributes < maxAttributes
                    && bytes.Length - lineStart >= PolicyAttributes.PaddedNameBytes
                    && PolicyAttributes.StartsWithName(ref Unsafe.Add(ref origin, lineStart), expected, out int prefix))
                {
                    values[expected] = (lineStart + prefix, lineEnd - lineStart - prefix);
                    present |= 1u << expected;
                    expected++;
                }
                else if (lineEnd == lineStart && attributes > 0)
                {
                    Position = lineEnd + 1;
                    Present = present;
                    error = WireError.None;
                    return OperationStatus.Done;
                }
                else
                {
                    error = ReadLine(bytes[lineStart..lineEnd], attributes, limits, out int attribute, out prefix);
                    if (error != WireError.None)
                        return OperationStatus.InvalidData;
                    if (attribute >= 0)
                    {
                        values[attribute] = (lineStart + prefix, lineEnd - lineStart - prefix);
                        present |= 1u << attribute;
                        expected = attribute + 1;
                    }
                }

                attributes++;
                lineStart = lineEnd + 1;
            }

            if (nuls != 0)
            {
                int at = block + BitOperations.TrailingZeroCount(nuls);
                error = FaultAtNul(bytes[lineStart..at], attributes, limits);
                return OperationStatus.InvalidData;
            }
        }

        error = FaultOfOpenLine(bytes[lineStart..], attributes, limits);
        if (error == WireError.None && bytes.Length == limits.MaxRequestBytes)
            error = WireError.RequestTooLarge;
        if (error != WireError.None)
            return OperationStatus.InvalidData;

        _lineStart = lineStart;
        _attributes = attributes;
        _expected = expected;
        Present = present;
        Position = bytes.Length;
        return OperationStatus.NeedMoreData;
    }

    // Reads a line without NUL, whatever its name: "attribute" is -1 for one we do not know, "prefix" counts the bytes
    // before the value. Kept out of the loop, whose variables then stay in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError ReadLine(
        ReadOnlySpan<byte> line, int attributes, PolicyLimits limits, out int attribute, out int prefix)
    {
        attribute = -1;
        prefix = 0;
        if (line.IsEmpty)
            return WireError.EmptyRequest;
        WireError error = FaultOfOpenLine(line, attributes, limits);
        if (error != WireError.None)
            return error;
        int equals = line.IndexOf((byte)'=');
        if (equals < 0)
            return WireError.MissingEquals;

        attribute = PolicyAttributes.Find(line[..equals]);
        prefix = equals + 1;
        return WireError.None;
    }

    /// <summary>The fault of a line as far as it can be known before its end: the one whose byte comes first.</summary>
    private static WireError FaultOfOpenLine(ReadOnlySpan<byte> line, int attributes, PolicyLimits limits)
    {
        if (line.IsEmpty)
            return WireError.None;
        if (attributes >= limits.MaxAttributes)
            return WireError.TooManyAttributes;
        if (line[0] == (byte)'=')
            return WireError.EmptyName;
        return line.Length > limits.MaxLineBytes ? WireError.LineTooLong : WireError.None;
    }

    /// <summary>The fault of a line with a NUL behind the given part of it.</summary>
    private static WireError FaultAtNul(ReadOnlySpan<byte> before, int attributes, PolicyLimits limits)
    {
        if (attributes >= limits.MaxAttributes)
            return WireError.TooManyAttributes;
        if (before.StartsWith((byte)'='))
            return WireError.EmptyName;
        return before.Length >= limits.MaxLineBytes ? WireError.LineTooLong : WireError.InvalidByte;
    }

    /// <summary>Bit n of the result says that byte n of the 64 is a newline, bit n of <paramref name="nuls"/> that it is NUL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FindNewlines(ref byte block, out ulong nuls)
    {
        Vector256<byte> low = Vector256.LoadUnsafe(ref block);
        Vector256<byte> high = Vector256.LoadUnsafe(ref block, (nuint)Vector256<byte>.Count);
        nuls = Vector256.EqualsAny(Vector256.Min(low, high), Vector256<byte>.Zero) ? Find(low, high, 0) : 0;
        return Find(low, high, (byte)'\n');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(Vector256<byte> low, Vector256<byte> high, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        uint inLow = Vector256.Equals(low, wanted).ExtractMostSignificantBits();
        uint inHigh = Vector256.Equals(high, wanted).ExtractMostSignificantBits();
        return inLow | ((ulong)inHigh << Vector256<byte>.Count);
    }

    /// <summary>As <see cref="FindNewlines"/> for the last bytes, which do not fill a block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong FindNewlinesInTail(ReadOnlySpan<byte> bytes, int start, out ulong nuls)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        block.Fill((byte)'=');
        bytes[start..].CopyTo(block);
        return FindNewlines(ref MemoryMarshal.GetReference(block), out nuls);
    }
}
