using System.Buffers;
using System.Buffers.Text;
using System.Numerics;

namespace RcptVerify.Wire.Policy;

/// <summary>
/// One policy request, filled by <see cref="PolicyRequestParser"/>: one object per connection, used again for each
/// request. It owns a copy of the bytes, so values stay readable after the connection's input was released, until the
/// next request is parsed into it or it is reset.
/// </summary>
/// <remarks>
/// It starts without a buffer; the buffer grows with the requests, at most to
/// <see cref="PolicyLimits.MaxRequestBytes"/> rounded up to a power of two. Not thread-safe.
/// </remarks>
public sealed class PolicyRequest
{
    private const int MinBufferBytes = 1024;

    // Some four times a usual request: what a connection may keep between two of them.
    private const int MaxRetainedBytes = 4 * 1024;

    private byte[] _bytes = [];
    private int _collected;
    private uint _present;
    private PolicyScanner _scanner;
    private PolicyValueTable _values;

    /// <summary>The value of <c>protocol_state</c>.</summary>
    public PolicyProtocolState ProtocolState { get; private set; }

    /// <summary>The value of an attribute; empty when it is empty or absent.</summary>
    public ReadOnlyMemory<byte> this[PolicyAttribute a]
    {
        get
        {
            if (!Has(a))
                return default;
            (int start, int length) = _values[(int)a];
            return _bytes.AsMemory(start, length);
        }
    }

    /// <summary>The value of an attribute; empty when it is empty or absent.</summary>
    public ReadOnlySpan<byte> Span(PolicyAttribute a)
    {
        if (!Has(a))
            return default;
        (int start, int length) = _values[(int)a];
        return _bytes.AsSpan(start, length);
    }

    /// <summary>Whether the attribute was sent, be it empty.</summary>
    public bool Has(PolicyAttribute a) => (uint)a < PolicyAttributes.Count && (_present & (1u << (int)a)) != 0;

    /// <summary>The value as a decimal number. False when it is absent, empty, too large or has other bytes in it.</summary>
    public bool TryGetNumber(PolicyAttribute a, out long value)
    {
        ReadOnlySpan<byte> text = Span(a);
        if (Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length)
            return true;
        value = 0;
        return false;
    }

    /// <summary>
    /// Forgets the request, and how far a partial one was scanned. Keeps a buffer of usual size, releases a larger one.
    /// </summary>
    public void Reset()
    {
        Forget();
        _scanner = default;
        _collected = 0;
        if (_bytes.Length > MaxRetainedBytes)
            _bytes = [];
    }

    /// <summary>As <see cref="Reset"/>, and releases the buffer whatever its size: for a connection gone idle.</summary>
    public void TrimExcess()
    {
        Reset();
        _bytes = [];
    }

    /// <summary>
    /// What <see cref="PolicyRequestParser.TryParse"/> does, but for consuming: says how long the request was instead.
    /// </summary>
    internal OperationStatus Read(in ReadOnlySequence<byte> buffer, PolicyLimits limits, out int length, out WireError error)
    {
        Forget();
        length = 0;

        // Fewer bytes than last time are not the same bytes: the caller skipped some without a reset.
        if (_scanner.Position > buffer.Length)
            Reset();

        ReadOnlySpan<byte> first = buffer.FirstSpan;
        OperationStatus status = OperationStatus.NeedMoreData;
        error = WireError.None;
        if (_scanner.Position < first.Length)
            status = _scanner.Scan(first, limits, ref _values, out error);
        if (status == OperationStatus.NeedMoreData && !buffer.IsSingleSegment)
            status = ReadAcrossSegments(buffer, limits, out error);
        if (status == OperationStatus.NeedMoreData)
            return status;

        if (status == OperationStatus.Done)
        {
            length = _scanner.Position;
            if (_collected < length)
                Collect(first[_collected..length]);
            _present = _scanner.Present;
            ProtocolState = PolicyProtocolStates.Parse(Span(PolicyAttribute.ProtocolState));
        }

        _scanner = default;
        _collected = 0;
        return status;
    }

    // Lines may lie across segments: what has not been collected yet is, one segment at a time, so that the requests
    // that follow in the same buffer are not copied with this one.
    private OperationStatus ReadAcrossSegments(in ReadOnlySequence<byte> buffer, PolicyLimits limits, out WireError error)
    {
        foreach (ReadOnlyMemory<byte> segment in buffer.Slice(_collected))
        {
            Collect(segment.Span[..Math.Min(segment.Length, limits.MaxRequestBytes - _collected)]);
            if (_collected <= _scanner.Position)
                continue;
            OperationStatus status = _scanner.Scan(_bytes.AsSpan(0, _collected), limits, ref _values, out error);
            if (status != OperationStatus.NeedMoreData)
                return status;
        }

        error = WireError.None;
        return OperationStatus.NeedMoreData;
    }

    private void Collect(ReadOnlySpan<byte> bytes)
    {
        int needed = _collected + bytes.Length;
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, MinBufferBytes)));
        bytes.CopyTo(_bytes.AsSpan(_collected));
        _collected = needed;
    }

    private void Forget()
    {
        _present = 0;
        ProtocolState = PolicyProtocolState.Unknown;
    }
}
