using System.Buffers.Binary;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>What stands under an address in Redis.</summary>
internal enum SharedRecordKind : byte
{
    /// <summary>Nothing that can be read.</summary>
    None = 0,

    /// <summary>A verdict.</summary>
    Verdict = 1,

    /// <summary>The address was removed.</summary>
    Tombstone = 2,
}

/// <summary>
/// The value of an address in Redis, numbers in network byte order:
/// <code>
/// kind(1) asked(8) record     a verdict: VerdictCodec's record, of which the scripts read status, flags, refusals and times
/// kind(1) removed(8)          a tombstone
/// </code>
/// All times, those within the record too, are Unix milliseconds by Redis' own clock (<see cref="RedisClock"/>): nodes whose clocks
/// differ compare like with like.
/// </summary>
internal static class SharedRecord
{
    /// <summary>Longest value, in bytes.</summary>
    public const int MaxBytes = HeaderBytes + VerdictCodec.MaxBytes;

    /// <summary>Bytes before the record.</summary>
    public const int HeaderBytes = 9;

    /// <summary>The value of a verdict.</summary>
    public static byte[] Encode(Verdict verdict, long offset)
    {
        byte[] record = VerdictCodec.Encode(Shift(verdict, offset));
        byte[] value = new byte[HeaderBytes + record.Length];
        value[0] = (byte)SharedRecordKind.Verdict;
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(1), verdict.Asked + offset);
        record.CopyTo(value.AsSpan(HeaderBytes));
        return value;
    }

    /// <summary>Reads a value; whatever cannot be one of ours is <see cref="SharedRecordKind.None"/>.</summary>
    /// <param name="value">From anybody who can write to Redis.</param>
    /// <param name="address">Where it stood. Kept.</param>
    /// <param name="replies">Shares equal replies.</param>
    /// <param name="offset">Redis' clock less ours, in milliseconds.</param>
    /// <param name="now">Our clock, in Unix milliseconds.</param>
    /// <param name="verdict">The verdict, by our clock.</param>
    /// <param name="removedAt">Of a tombstone: when, by our clock.</param>
    public static SharedRecordKind Decode(
        ReadOnlySpan<byte> value, byte[] address, ProbeReplyPool replies, long offset, long now, out Verdict? verdict, out long removedAt)
    {
        verdict = null;
        removedAt = 0;
        if (value.Length < HeaderBytes)
            return SharedRecordKind.None;
        long time = BinaryPrimitives.ReadInt64BigEndian(value[1..]);
        if (time <= 0 || VerdictRecord.IsTooFarAhead(time, now + offset))
            return SharedRecordKind.None;
        if (value[0] == (byte)SharedRecordKind.Tombstone && value.Length == HeaderBytes)
        {
            removedAt = time - offset;
            return SharedRecordKind.Tombstone;
        }

        if (value[0] != (byte)SharedRecordKind.Verdict
            || VerdictCodec.TryDecode(value[HeaderBytes..], address, replies, out Verdict? read) != VerdictCodecError.None
            || VerdictRecord.IsFromAnotherClock(read!, now + offset))
        {
            return SharedRecordKind.None;
        }

        verdict = Shift(read!, -offset);
        verdict.Asked = time - offset;
        return SharedRecordKind.Verdict;
    }

    private static Verdict Shift(Verdict verdict, long by) => by == 0 ? verdict : new(
        verdict.Address, verdict.Status, verdict.Updated + by, verdict.GoneAt + by, verdict.Reply, verdict.Refusals,
        verdict.Refusals == 0 ? 0 : verdict.RefusedSince + by);
}
