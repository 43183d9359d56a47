namespace RcptVerify.Load;

/// <summary>A protocol of one request and one answer at a time, as <see cref="RequestLoad"/> needs to know it.</summary>
internal abstract class RequestProtocol
{
    /// <summary>An upper bound of one request, in bytes.</summary>
    public abstract int MaximumLength { get; }

    /// <summary>Writes request <paramref name="serial"/> for recipient number <paramref name="recipient"/>; returns its length.</summary>
    public abstract int Write(Span<byte> destination, int serial, int recipient, bool known);

    /// <summary>Finds the answer that <paramref name="input"/> begins with, and its first word; false where it is not whole.</summary>
    public abstract bool TryRead(ReadOnlySpan<byte> input, out int length, out ReadOnlySpan<byte> kind);
}
