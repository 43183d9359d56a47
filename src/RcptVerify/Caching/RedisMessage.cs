using System.Buffers.Binary;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>What a node tells the others.</summary>
internal enum RedisMessageKind : byte
{
    /// <summary>An address has another value: a verdict, or a tombstone.</summary>
    Changed = (byte)'c',

    /// <summary>A probe has ended; its lock is free.</summary>
    Probed = (byte)'p',

    /// <summary>Something was purged.</summary>
    Purged = (byte)'e',

    /// <summary>A node speaks to itself, to know that messages arrive.</summary>
    Echo = (byte)'o',
}

/// <summary>
/// A message on the channel of changes:
/// <code>
/// sender(8) kind(1) then
///   c, p   flags(1) length(2) address value     value: SharedRecord's; flags of p: 1 no answer, 2 discounted
///   e      time(8) scope                        scope: the purge's name in Redis
///   o      nonce(8)
/// </code>
/// </summary>
internal readonly ref struct RedisMessage
{
    public const byte NoAnswer = 1;
    public const byte Discounted = 2;
    private const int HeaderBytes = 9;

    public long Sender { get; private init; }

    public RedisMessageKind Kind { get; private init; }

    public byte Flags { get; private init; }

    /// <summary>Of c and p: the address. Of e: the scope's name.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>Of c and p: the value.</summary>
    public ReadOnlySpan<byte> Value { get; private init; }

    /// <summary>Of e: its time. Of o: the nonce.</summary>
    public long Number { get; private init; }

    /// <summary>The beginning of a message about an address; the value follows.</summary>
    public static byte[] About(long sender, RedisMessageKind kind, ReadOnlySpan<byte> address, byte flags = 0)
    {
        byte[] bytes = Begin(sender, kind, 3 + address.Length);
        bytes[HeaderBytes] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(HeaderBytes + 1), (ushort)address.Length);
        address.CopyTo(bytes.AsSpan(HeaderBytes + 3));
        return bytes;
    }

    /// <summary>The beginning of a message about a purge; time and scope follow.</summary>
    public static byte[] Purge(long sender) => Begin(sender, RedisMessageKind.Purged, 0);

    /// <summary>A node's message to itself.</summary>
    public static byte[] Echo(long sender, long nonce)
    {
        byte[] bytes = Begin(sender, RedisMessageKind.Echo, 8);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(HeaderBytes), nonce);
        return bytes;
    }

    /// <summary>Reads a message; anybody who can publish may have sent it. The address is one, in canonical form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RedisMessage message)
    {
        message = default;
        if (bytes.Length is < HeaderBytes + 8 or > RedisStoreLimits.MaxMessageBytes)
            return false;
        long sender = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var kind = (RedisMessageKind)bytes[8];
        ReadOnlySpan<byte> rest = bytes[HeaderBytes..];
        switch (kind)
        {
            case RedisMessageKind.Changed or RedisMessageKind.Probed:
                int length = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                if (rest.Length < 3 + length || !IsAddress(rest.Slice(3, length)))
                    return false;
                message = new() { Sender = sender, Kind = kind, Flags = rest[0], Name = rest.Slice(3, length), Value = rest[(3 + length)..] };
                return true;
            case RedisMessageKind.Purged:
                message = new() { Sender = sender, Kind = kind, Number = BinaryPrimitives.ReadInt64BigEndian(rest), Name = rest[8..] };
                return System.Text.Unicode.Utf8.IsValid(rest[8..]) && rest.Length <= 8 + 300;
            case RedisMessageKind.Echo:
                message = new() { Sender = sender, Kind = kind, Number = BinaryPrimitives.ReadInt64BigEndian(rest) };
                return true;
            default:
                return false;
        }
    }

    private static bool IsAddress(ReadOnlySpan<byte> address)
    {
        Span<byte> canonical = stackalloc byte[RecipientAddress.MaxBytes + DomainName.MaxBytes];
        return address.Length <= RecipientAddress.MaxBytes
            && RecipientAddress.TryCanonicalize(address, canonical, out _, out int length) == AddressProblem.None
            && canonical[..length].SequenceEqual(address);
    }

    private static byte[] Begin(long sender, RedisMessageKind kind, int bodyBytes)
    {
        byte[] bytes = new byte[HeaderBytes + bodyBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sender);
        bytes[8] = (byte)kind;
        return bytes;
    }
}
