using System.Buffers;

namespace RcptVerify.Wire.Policy;

/// <summary>Parses the requests of the Postfix policy delegation protocol.</summary>
public static class PolicyRequestParser
{
    // Grammar (SMTPD_POLICY_README, "Protocol description"; attr_print_plain.c):
    //
    //   request   = 1*attribute LF
    //   attribute = name "=" value LF
    //   name      = 1*<any byte except "=", NUL, LF>
    //   value     = *<any byte except NUL, LF>        (may contain "=", CR, UTF-8)

    /// <summary>
    /// Consumes one whole request, through its empty line, and fills <paramref name="request"/>. Attributes may come
    /// in any order; of those with the same name the last one counts; unknown ones are skipped.
    /// </summary>
    /// <param name="buffer">
    /// Starts at the first byte of a request. After <see cref="OperationStatus.Done"/> it starts behind it, perhaps at
    /// the next request; otherwise it is unchanged.
    /// </param>
    /// <param name="request">
    /// Receives the request; what it held before is forgotten. After <see cref="OperationStatus.NeedMoreData"/> it
    /// remembers how far it has scanned, so the next call must bring the same bytes and more, or
    /// <see cref="PolicyRequest.Reset"/> must come between.
    /// </param>
    /// <param name="limits">The caps, checked before more data is asked for.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> when the request has not ended and
    /// is within all caps; <see cref="OperationStatus.InvalidData"/> when it can never become a request: the
    /// connection is to be closed without an answer.
    /// </returns>
    public static OperationStatus TryParse(
        ref ReadOnlySequence<byte> buffer, PolicyRequest request, PolicyLimits limits, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);

        OperationStatus status = request.Read(buffer, limits, out int length, out error);
        if (status == OperationStatus.Done)
            buffer = buffer.Slice(length);
        return status;
    }
}
