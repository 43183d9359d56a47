using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using RcptVerify.Wire.Milter;

namespace RcptVerify.Fuzz;

/// <summary>What must hold of a path and a reply whatever bytes they are made of.</summary>
internal static class MilterWriterCheck
{
    /// <summary>Takes the bytes for a path, and for what stands in a reply.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public static string? FindFault(byte[] bytes) => FindPathFault(bytes) ?? FindReplyFault(bytes);

    /// <summary>The internal form, written as a path in quotes, must be read as the same again.</summary>
    private static string? FindPathFault(byte[] path)
    {
        byte[] once = new byte[path.Length];
        OperationStatus status = MilterPath.TryUnquote(path, once, out int length, out bool hasDomain, out _);
        if (status != OperationStatus.Done)
            return length == 0 ? null : $"{length} bytes of a path that is none";
        int at = Array.LastIndexOf(once, (byte)'@', Math.Max(length - 1, 0), length);
        if (!hasDomain)
            return null;
        if (at < 0)
            return "a domain without an @";

        List<byte> quoted = [(byte)'"'];
        foreach (byte b in once.AsSpan(0, at))
            quoted.AddRange(b is (byte)'"' or (byte)'\\' ? [(byte)'\\', b] : [b]);
        byte[] again = [(byte)'<', .. quoted, (byte)'"', .. once[at..length], (byte)'>'];
        byte[] twice = new byte[again.Length];
        return MilterPath.TryUnquote(again, twice, out int sameLength, out bool sameDomain, out _) == OperationStatus.Done
            && sameDomain && twice.AsSpan(0, sameLength).SequenceEqual(once.AsSpan(0, length))
            ? null
            : $"{Encoding.Latin1.GetString(once, 0, length)} comes back as {Encoding.Latin1.GetString(twice, 0, sameLength)}";
    }

    /// <summary>Postfix must be able to read the reply (milter8.c): the code on each line, CR LF between lines, one NUL, "%" in pairs.</summary>
    private static string? FindReplyFault(byte[] bytes)
    {
        ArrayBufferWriter<byte> output = new();
        MilterReplyWriter.WriteReply(output, 550, "5.1.1"u8, bytes.AsSpan(0, bytes.Length / 2), bytes);
        byte[] frame = output.WrittenSpan.ToArray();
        string text = Encoding.UTF8.GetString(frame.AsSpan(5));
        string[] lines = text.TrimEnd('\0').Split("\r\n");
        bool good = frame.Length - 4 == BinaryPrimitives.ReadUInt32BigEndian(frame) && frame[4] == (byte)'y'
            && text.Count(letter => letter == '\0') == 1 && text[^1] == '\0'
            && lines[..^1].All(line => line.StartsWith("550-5.1.1 ", StringComparison.Ordinal)) && lines[^1].StartsWith("550 5.1.1 ", StringComparison.Ordinal)
            && !lines.Any(line => line.Any(char.IsControl) || line.Replace("%%", "", StringComparison.Ordinal).Contains('%', StringComparison.Ordinal));
        return good ? null : $"a reply that Postfix cannot read: {Convert.ToHexString(frame)}";
    }
}
