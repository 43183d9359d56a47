using System.Text;

namespace RcptVerify.Simulation;

/// <summary>Lines of the dialogue as text for a terminal: nothing a peer sent can move the cursor.</summary>
internal static class TranscriptText
{
    /// <summary>
    /// Puts <paramref name="mark"/> before each line of <paramref name="octets"/>; the last CRLF is left out, octets other than printable
    /// ASCII become <c>\xHH</c>, a backslash is doubled.
    /// </summary>
    public static string Describe(string mark, ReadOnlySpan<byte> octets)
    {
        if (octets.EndsWith("\r\n"u8))
            octets = octets[..^2];

        StringBuilder text = new(mark, mark.Length + octets.Length);
        for (int i = 0; i < octets.Length; i++)
        {
            byte octet = octets[i];
            if (octet == '\r' && i + 1 < octets.Length && octets[i + 1] == '\n')
            {
                text.Append('\n').Append(mark);
                i++;
            }
            else if (octet == '\\')
            {
                text.Append(@"\\");
            }
            else if (octet is >= 0x20 and < 0x7F)
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append(@"\x").Append(octet.ToString("X2", null));
            }
        }

        return text.ToString();
    }
}
