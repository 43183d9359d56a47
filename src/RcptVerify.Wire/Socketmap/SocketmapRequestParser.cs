using System.Buffers;

namespace RcptVerify.Wire.Socketmap;

/// <summary>Parses the requests of the socketmap protocol.</summary>
public static class SocketmapRequestParser
{
    // Grammar (socketmap_table(5), "PROTOCOL"; netstring.c; D. J. Bernstein, "Netstrings", 1997):
    //
    //   request   = length ":" name SP key ","
    //   length    = "0" / ("1"-"9" *DIGIT)               bytes between ":" and ","
    //   name      = *<any byte except SP, NUL>           what stands behind the last ":" of Postfix's map specification
    //   key       = *<any byte except NUL>               may contain spaces; NUL ends a C string, so no client has one

    /// <summary>Consumes one whole request and fills <paramref name="request"/>.</summary>
    /// <param name="buffer">
    /// Starts at the first byte of a request. After <see cref="OperationStatus.Done"/> it starts behind it, perhaps at
    /// the next request; otherwise it is unchanged.
    /// </param>
    /// <param name="request">Receives the request; what it held before is forgotten.</param>
    /// <param name="limits">The caps, checked before more data is asked for.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> when the request has not ended and
    /// is within all caps; <see cref="OperationStatus.InvalidData"/> when it can never become a request: the
    /// connection is to be closed without an answer.
    /// </returns>
    public static OperationStatus TryParse(
        ref ReadOnlySequence<byte> buffer, SocketmapRequest request, SocketmapLimits limits, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);

        request.Forget();
        OperationStatus status = TryReadLength(buffer, limits, out int start, out int length, out error);
        if (status != OperationStatus.Done)
            return status;
        if (buffer.Length <= start + length) // the comma is not there yet
            return OperationStatus.NeedMoreData;
        if (buffer.Slice(start + length).FirstSpan[0] != (byte)',')
            return Invalid(WireError.NetstringNoComma, out error);
        if (!request.TryFill(buffer.Slice(start, length), out error))
            return OperationStatus.InvalidData;
        buffer = buffer.Slice(start + length + 1);
        return OperationStatus.Done;
    }

    /// <summary>Reads through the colon. Each digit is judged as it comes: a length over the limit never waits for more.</summary>
    private static OperationStatus TryReadLength(
        in ReadOnlySequence<byte> buffer, SocketmapLimits limits, out int start, out int length, out WireError error)
    {
        start = 0;
        length = 0;
        error = WireError.None;
        foreach (ReadOnlyMemory<byte> segment in buffer)
        {
            foreach (byte b in segment.Span)
            {
                if (b == (byte)':')
                {
                    if (start == 0)
                        return Invalid(WireError.NetstringBadLength, out error);
                    start++;
                    return OperationStatus.Done;
                }

                bool leadingZero = start > 0 && length == 0;
                if (!char.IsAsciiDigit((char)b) || leadingZero)
                    return Invalid(WireError.NetstringBadLength, out error);
                length = (length * 10) + (b - '0'); // at most 99999 before: no overflow
                if (length > limits.MaxRequestBytes)
                    return Invalid(WireError.NetstringTooLong, out error);
                start++;
            }
        }

        return OperationStatus.NeedMoreData;
    }

    private static OperationStatus Invalid(WireError fault, out WireError error)
    {
        error = fault;
        return OperationStatus.InvalidData;
    }
}
