using System.Buffers.Binary;
using System.Text;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>Why a record is not a verdict.</summary>
public enum VerdictCodecError : byte
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It ends too early.</summary>
    Truncated,

    /// <summary>Written by another version of the format: counts as not there.</summary>
    UnknownVersion,

    /// <summary>A field cannot be true, or bytes follow the last one.</summary>
    Malformed,
}

/// <summary>
/// The binary record of a verdict, for stores that keep it under its address. Numbers in network byte order:
/// <code>
/// version(1)=1 status(1) flags(1) target(1) stage(1) refusals(1) code(2) updated(8) gone_at(8) refused_since(8)
/// enhanced text server route            each: length(2) UTF-8
/// </code>
/// Times are Unix milliseconds; status, target and stage are the numbers of their enumerations; flag 1 is accept_all, the
/// others are 0. Records may come from anybody who can write to the store: every length is checked before it is used.
/// </summary>
public static class VerdictCodec
{
    /// <summary>The version written.</summary>
    public const byte Version = 1;

    /// <summary>Longest record, in bytes.</summary>
    public const int MaxBytes = FixedBytes + 8 + VerdictRecordLimits.MaxEnhancedBytes + VerdictRecordLimits.MaxTextBytes
        + VerdictRecordLimits.MaxServerBytes + VerdictRecordLimits.MaxRouteBytes;

    private const int FixedBytes = 32;
    private const byte AcceptAllFlag = 1;

    /// <summary>The record of <paramref name="verdict"/>; a reply text past <see cref="VerdictRecordLimits.MaxTextBytes"/> is cut.</summary>
    /// <param name="verdict">A verdict.</param>
    public static byte[] Encode(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        VerdictRecord record = VerdictRecord.Of(verdict);
        string[] texts = [record.Enhanced, record.Text, record.Server, record.Route];
        byte[] bytes = new byte[FixedBytes + texts.Sum(text => 2 + Encoding.UTF8.GetByteCount(text))];
        bytes[0] = Version;
        bytes[1] = (byte)record.Status;
        bytes[2] = record.AcceptAll ? AcceptAllFlag : (byte)0;
        bytes[3] = (byte)record.Target;
        bytes[4] = (byte)record.Stage;
        bytes[5] = (byte)record.Refusals;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)record.Code);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), record.Updated);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), record.GoneAt);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(24), record.RefusedSince);
        Span<byte> rest = bytes.AsSpan(FixedBytes);
        foreach (string text in texts)
        {
            int length = Encoding.UTF8.GetBytes(text, rest[2..]);
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)length);
            rest = rest[(2 + length)..];
        }

        return bytes;
    }

    /// <summary>Reads a record.</summary>
    /// <param name="record">Bytes from a store.</param>
    /// <param name="address">The address under which they were kept. Kept, not to be written to.</param>
    /// <param name="replies">Shares equal replies.</param>
    /// <param name="verdict">The verdict; null with every error.</param>
    public static VerdictCodecError TryDecode(ReadOnlySpan<byte> record, byte[] address, ProbeReplyPool replies, out Verdict? verdict)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(replies);
        verdict = null;
        if (record.IsEmpty)
            return VerdictCodecError.Truncated;
        if (record[0] != Version)
            return VerdictCodecError.UnknownVersion;
        if (record.Length < FixedBytes)
            return VerdictCodecError.Truncated;
        ReadOnlySpan<byte> rest = record[FixedBytes..];
        VerdictCodecError error = VerdictCodecError.None;
        string enhanced = Text(ref rest, VerdictRecordLimits.MaxEnhancedBytes, ref error);
        string text = Text(ref rest, VerdictRecordLimits.MaxTextBytes, ref error);
        string server = Text(ref rest, VerdictRecordLimits.MaxServerBytes, ref error);
        string route = Text(ref rest, VerdictRecordLimits.MaxRouteBytes, ref error);
        if (error != VerdictCodecError.None)
            return error;
        if (!rest.IsEmpty || (record[2] & ~AcceptAllFlag) != 0)
            return VerdictCodecError.Malformed;
        verdict = new VerdictRecord
        {
            Status = (VerdictStatus)record[1],
            AcceptAll = record[2] != 0,
            Target = (ProbeTarget)record[3],
            Stage = (ProbeStage)record[4],
            Refusals = record[5],
            Code = BinaryPrimitives.ReadUInt16BigEndian(record[6..]),
            Updated = BinaryPrimitives.ReadInt64BigEndian(record[8..]),
            GoneAt = BinaryPrimitives.ReadInt64BigEndian(record[16..]),
            RefusedSince = BinaryPrimitives.ReadInt64BigEndian(record[24..]),
            Enhanced = enhanced,
            Text = text,
            Server = server,
            Route = route,
        }.ToVerdict(address, replies);
        return verdict is null ? VerdictCodecError.Malformed : VerdictCodecError.None;
    }

    /// <summary>The next text; does nothing once there is an error.</summary>
    private static string Text(ref ReadOnlySpan<byte> rest, int maxBytes, ref VerdictCodecError error)
    {
        if (error != VerdictCodecError.None)
            return "";
        if (rest.Length < 2)
        {
            error = VerdictCodecError.Truncated;
            return "";
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length > maxBytes)
            error = VerdictCodecError.Malformed;
        else if (rest.Length < 2 + length)
            error = VerdictCodecError.Truncated;
        else if (!System.Text.Unicode.Utf8.IsValid(rest.Slice(2, length)))
            error = VerdictCodecError.Malformed;
        if (error != VerdictCodecError.None)
            return "";
        string text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return text;
    }
}
