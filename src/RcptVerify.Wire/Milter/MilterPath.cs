using System.Buffers;

namespace RcptVerify.Wire.Milter;

/// <summary>
/// Turns a path as the SMTP client wrote it into Postfix's internal form: no angle brackets, no source route, local part
/// unquoted. A milter is given the external form, a policy server the internal one.
/// </summary>
public static class MilterPath
{
    // Grammar (RFC 5321 section 4.1.2; brackets may be missing, as Postfix allows without strict_rfc821_envelopes):
    //
    //   path    = "<" [ route ":" ] mailbox ">"       route = "@" domain *( "," "@" domain )
    //   mailbox = local [ "@" domain ]                 local = 1*( atom / "." / quoted-string ), also "a..b" and "a@b"
    //
    // What has no place in it (comments, blanks, a quote without end) Postfix may read in ways we don't know: an error, not a guess.

    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. "()<>,;:[]\\\""u8, 0x7f, .. Enumerable.Range(0, 0x21).Select(static control => (byte)control)]);

    // An "@" in a literal would be taken for the one before the domain once the quotes are gone.
    private static readonly SearchValues<byte> NoLiteral = SearchValues.Create(
        [.. "@()<>,;[]\\\""u8, 0x7f, .. Enumerable.Range(0, 0x21).Select(static control => (byte)control)]);

    /// <summary>What lies between the angle brackets, or all of it where there are none.</summary>
    /// <param name="path">The argument of MAIL FROM or RCPT TO.</param>
    public static ReadOnlySpan<byte> WithoutBrackets(ReadOnlySpan<byte> path) =>
        path.Length >= 2 && path[0] == '<' && path[^1] == '>' ? path[1..^1] : path;

    /// <summary>Writes the internal form.</summary>
    /// <param name="path">The argument of MAIL FROM or RCPT TO.</param>
    /// <param name="destination">Receives it; as long as the path is enough.</param>
    /// <param name="written">Its length; 0 for the null sender.</param>
    /// <param name="hasDomain">False for the null sender, and for a local part alone such as <c>postmaster</c>.</param>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    /// <returns>Also <see cref="OperationStatus.DestinationTooSmall"/>.</returns>
    public static OperationStatus TryUnquote(
        ReadOnlySpan<byte> path, Span<byte> destination, out int written, out bool hasDomain, out WireError error)
    {
        written = 0;
        hasDomain = false;
        error = WireError.None;
        ReadOnlySpan<byte> rest = WithoutRoute(WithoutBrackets(path));
        if (rest.Length > destination.Length)
            return OperationStatus.DestinationTooSmall;

        while (!rest.IsEmpty)
        {
            int plain = rest.IndexOfAny(Special);
            ReadOnlySpan<byte> atoms = plain < 0 ? rest : rest[..plain];
            atoms.CopyTo(destination[written..]);
            written += atoms.Length;
            hasDomain |= atoms.Contains((byte)'@');
            rest = rest[atoms.Length..];
            if (rest.IsEmpty)
                break;
            hasDomain &= rest[0] != '"'; // what stands in quotes is no domain, though an "@" stand before it
            bool valid = rest[0] switch
            {
                (byte)'"' => TryTakeQuoted(ref rest, destination, ref written),
                (byte)'[' => written > 0 && destination[written - 1] == '@' && TryTakeLiteral(ref rest, destination, ref written),
                _ => false,
            };
            if (!valid)
            {
                written = 0;
                error = WireError.MilterBadPath;
                return OperationStatus.InvalidData;
            }
        }

        return OperationStatus.Done;
    }

    private static ReadOnlySpan<byte> WithoutRoute(ReadOnlySpan<byte> path)
    {
        int colon = path.IndexOfAny(":\""u8);
        return path.StartsWith((byte)'@') && colon > 0 && path[colon] == ':' && path[..colon].IndexOfAny("[ "u8) < 0 ? path[(colon + 1)..] : path;
    }

    private static bool TryTakeQuoted(ref ReadOnlySpan<byte> rest, Span<byte> destination, ref int written)
    {
        for (int i = 1; i < rest.Length; i++)
        {
            byte b = rest[i];
            if (b == '"')
            {
                rest = rest[(i + 1)..];
                return true;
            }

            if (b == '\\')
            {
                if (++i == rest.Length)
                    return false;
                b = rest[i];
            }

            destination[written++] = b;
        }

        return false;
    }

    private static bool TryTakeLiteral(ref ReadOnlySpan<byte> rest, Span<byte> destination, ref int written)
    {
        if (rest.IndexOf((byte)']') != rest.Length - 1 || rest[1..^1].ContainsAny(NoLiteral))
            return false;
        rest.CopyTo(destination[written..]);
        written += rest.Length;
        rest = default;
        return true;
    }
}
