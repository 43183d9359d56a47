using System.Text;

namespace RcptVerify.Verification;

/// <summary>Why a recipient cannot be asked about.</summary>
public enum AddressProblem : byte
{
    /// <summary>Nothing: it can.</summary>
    None,

    /// <summary>No domain: <c>postmaster</c> alone, or the empty address.</summary>
    NoDomain,

    /// <summary>Longer than <see cref="RecipientAddress.MaxBytes"/>.</summary>
    TooLong,

    /// <summary>A byte that no SMTP command can carry: CR, LF, NUL, another control character, or bytes that are not UTF-8.</summary>
    ForbiddenByte,

    /// <summary>A domain that is neither a host name, an internationalised one, nor an address literal.</summary>
    BadDomain,
}

/// <summary>
/// A recipient address as Postfix's policy protocol gives it: internal form, the local part unquoted, split at the last
/// <c>@</c> (Postfix: smtpd_check.c, split_addr). The local part may be empty: Postfix takes <c>&lt;""@example.com&gt;</c>
/// and <c>&lt;@example.com&gt;</c> and asks about <c>@example.com</c>. <see cref="Key"/> is its canonical form, under which verdicts are
/// kept: domain in lower case as A-labels without a final dot, local part in lower case unless the route says otherwise.
/// </summary>
public sealed class RecipientAddress
{
    /// <summary>Longest address taken, in bytes: RFC 5321 section 4.5.3.1 allows a path of 256 octets; 320 is 64 + 1 + 255.</summary>
    public const int MaxBytes = 320;

    private RecipientAddress(byte[] localPart, byte[] domain, byte[] key)
    {
        LocalPart = localPart;
        Domain = domain;
        Key = key;
    }

    /// <summary>The local part as asked for, unquoted, case kept.</summary>
    public ReadOnlyMemory<byte> LocalPart { get; }

    /// <summary>The domain: lower case, A-labels.</summary>
    public ReadOnlyMemory<byte> Domain { get; }

    /// <summary>The canonical address. Not to be written to.</summary>
    public byte[] Key { get; }

    /// <summary>
    /// Splits <paramref name="address"/> and writes its canonical form, local part not yet folded. No allocation for
    /// ASCII domains.
    /// </summary>
    /// <param name="address">Internal form, as the policy protocol's <c>recipient</c>.</param>
    /// <param name="key">At least <see cref="MaxBytes"/> long.</param>
    /// <param name="at">Where the <c>@</c> stands in <paramref name="key"/>.</param>
    /// <param name="length">Bytes of <paramref name="key"/> written.</param>
    public static AddressProblem TryCanonicalize(ReadOnlySpan<byte> address, Span<byte> key, out int at, out int length)
    {
        length = 0;
        at = address.LastIndexOf((byte)'@');
        if (at < 0 || at == address.Length - 1)
            return AddressProblem.NoDomain;
        if (address.Length > MaxBytes)
            return AddressProblem.TooLong;
        if (address.ContainsAnyInRange((byte)0x00, (byte)0x1f) || address.Contains((byte)0x7f))
            return AddressProblem.ForbiddenByte;
        if (address.ContainsAnyExceptInRange((byte)0x00, (byte)0x7f) && !System.Text.Unicode.Utf8.IsValid(address))
            return AddressProblem.ForbiddenByte;
        if (!DomainName.TryCanonicalize(address[(at + 1)..], key[(at + 1)..], out int domainLength))
            return AddressProblem.BadDomain;
        address[..(at + 1)].CopyTo(key);
        length = at + 1 + domainLength;
        return AddressProblem.None;
    }

    /// <summary>Folds the local part of a canonical address to lower case, in place. Returns its new length.</summary>
    /// <param name="key">The buffer given to <see cref="TryCanonicalize"/>.</param>
    /// <param name="at">Where the <c>@</c> stands; moved where folding changed the length.</param>
    /// <param name="length">Length of the address.</param>
    public static int FoldLocalPart(Span<byte> key, ref int at, int length)
    {
        Span<byte> local = key[..at];
        if (!local.ContainsAnyExceptInRange((byte)0x00, (byte)0x7f))
        {
            Ascii.ToLowerInPlace(local, out _);
            return length;
        }

        byte[] folded = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(local).ToLowerInvariant());
        int domainLength = length - at;
        if (folded.Length + domainLength > MaxBytes)
            return length;
        byte[] domain = key.Slice(at, domainLength).ToArray();
        folded.CopyTo(key);
        domain.CopyTo(key[folded.Length..]);
        at = folded.Length;
        return at + domainLength;
    }

    /// <summary>Copies what a probe needs out of the caller's buffers.</summary>
    /// <param name="address">Internal form, as asked for.</param>
    /// <param name="key">Its canonical form.</param>
    /// <param name="keyAt">Where the <c>@</c> stands in <paramref name="key"/>.</param>
    public static RecipientAddress Create(ReadOnlySpan<byte> address, ReadOnlySpan<byte> key, int keyAt) =>
        FromLocalPart(address[..address.LastIndexOf((byte)'@')], key, keyAt);

    /// <summary>Copies what a probe needs out of the caller's buffers.</summary>
    /// <param name="localPart">The local part to ask for, unquoted, case kept.</param>
    /// <param name="key">The canonical address.</param>
    /// <param name="keyAt">Where the <c>@</c> stands in <paramref name="key"/>.</param>
    public static RecipientAddress FromLocalPart(ReadOnlySpan<byte> localPart, ReadOnlySpan<byte> key, int keyAt) =>
        new(localPart.ToArray(), key[(keyAt + 1)..].ToArray(), key.ToArray());

    /// <summary>Takes the extension out of a canonical address, in place. Returns its new length.</summary>
    /// <param name="key">The buffer given to <see cref="TryCanonicalize"/>.</param>
    /// <param name="at">Where the <c>@</c> stands; moved with what is taken out before it.</param>
    /// <param name="length">Length of the address.</param>
    /// <param name="delimiters">The route's delimiters.</param>
    public static int RemoveExtension(Span<byte> key, ref int at, int length, ReadOnlySpan<byte> delimiters)
    {
        int kept = RecipientDelimiter.LengthWithoutExtension(key[..at], delimiters);
        int removed = at - kept;
        if (removed > 0)
            key[at..length].CopyTo(key[kept..]);
        at = kept;
        return length - removed;
    }

    /// <summary>Parses an address given by a person; null where <paramref name="problem"/> says why not.</summary>
    /// <param name="address">Internal form.</param>
    /// <param name="caseSensitive">Keep the local part's case.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static RecipientAddress? Parse(string address, bool caseSensitive, out AddressProblem problem)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] bytes = Encoding.UTF8.GetBytes(address);
        byte[] key = new byte[MaxBytes];
        problem = TryCanonicalize(bytes, key, out int at, out int length);
        if (problem != AddressProblem.None)
            return null;
        if (!caseSensitive)
            length = FoldLocalPart(key, ref at, length);
        return Create(bytes, key.AsSpan(0, length), at);
    }

    /// <summary>The canonical address as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Key);
}
