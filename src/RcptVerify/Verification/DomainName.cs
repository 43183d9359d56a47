using System.Buffers;
using System.Globalization;
using System.Text;

namespace RcptVerify.Verification;

/// <summary>The canonical form of a mail domain: lower case, A-labels (RFC 5891), no final dot; address literals (RFC 5321 section 4.1.3) in lower case.</summary>
public static class DomainName
{
    /// <summary>Longest domain, in bytes (RFC 5321 section 4.5.3.1.2).</summary>
    public const int MaxBytes = 255;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    /// <summary>Letters, digits, hyphen, dot; and the underscore, which real host names carry.</summary>
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);

    private static readonly SearchValues<byte> LiteralBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]"u8);

    /// <summary>Writes the canonical form of <paramref name="domain"/>. No allocation for ASCII.</summary>
    /// <param name="domain">A domain as it stands in an address.</param>
    /// <param name="destination">Room for <see cref="MaxBytes"/>.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False where it is no domain.</returns>
    public static bool TryCanonicalize(ReadOnlySpan<byte> domain, Span<byte> destination, out int length)
    {
        length = 0;
        if (domain.Length > 1 && domain[^1] == '.')
            domain = domain[..^1];
        if (domain.IsEmpty || domain.Length > MaxBytes)
            return false;
        if (domain[0] == '[')
            return domain[^1] == ']' && TryLower(domain, LiteralBytes, destination, out length);
        if (HasEmptyLabel(domain))
            return false;
        return domain.ContainsAnyExceptInRange((byte)0x00, (byte)0x7f)
            ? TryMapIdn(domain, destination, out length)
            : TryLower(domain, HostBytes, destination, out length);
    }

    private static bool HasEmptyLabel(ReadOnlySpan<byte> domain) =>
        domain.IsEmpty || domain[0] == '.' || domain[^1] == '.' || domain.IndexOf(".."u8) >= 0;

    private static bool TryLower(ReadOnlySpan<byte> domain, SearchValues<byte> allowed, Span<byte> destination, out int length)
    {
        length = 0;
        return !domain.ContainsAnyExcept(allowed)
            && Ascii.ToLower(domain, destination, out length) == OperationStatus.Done;
    }

    private static bool TryMapIdn(ReadOnlySpan<byte> domain, Span<byte> destination, out int length)
    {
        length = 0;
        string ascii;
        try
        {
            ascii = Idn.GetAscii(Encoding.UTF8.GetString(domain)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false; // IdnMapping has no Try form
        }

        return ascii.Length <= MaxBytes
            && Encoding.UTF8.TryGetBytes(ascii, destination, out length)
            && !destination[..length].ContainsAnyExcept(HostBytes)
            && !HasEmptyLabel(destination[..length]); // other scripts have dots of their own
    }
}
