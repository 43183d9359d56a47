using System.Globalization;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>A TLSA record of a zone file.</summary>
/// <param name="Name">Its owner, small letters, without the last dot.</param>
/// <param name="Usage">Certificate usage, 0 to 3.</param>
/// <param name="Selector">0: the certificate, 1: its public key.</param>
/// <param name="Matching">0: all of it, 1: SHA-256, 2: SHA-512.</param>
/// <param name="Position">Where the three numbers begin.</param>
/// <param name="Length">Of the three numbers.</param>
internal sealed record TlsaRecord(string Name, int Usage, int Selector, int Matching, SourcePosition Position, int Length)
{
    /// <summary>Reads the lines of a zone file, RFC 1035 section 5.1; what is no TLSA record is passed over.</summary>
    public static IEnumerable<TlsaRecord> Parse(SourceFile file)
    {
        string owner = "";
        for (int number = 1; number <= file.LineStarts.Count; number++)
        {
            string line = file.Line(number);
            int comment = line.IndexOf(';', StringComparison.Ordinal);
            List<(string Text, int Offset)> words = [.. Words(comment < 0 ? line : line[..comment])];
            if (words.Count == 0)
                continue;
            int type = words.FindIndex(word => word.Text.Equals("TLSA", StringComparison.OrdinalIgnoreCase));
            // A line that begins with white space belongs to the owner before it.
            if (words[0].Offset == 0 && type != 0)
                owner = words[0].Text.TrimEnd('.').ToLowerInvariant();
            if (type < 0 || words.Count < type + 4 ||
                !Number(words[type + 1].Text, out int usage) || !Number(words[type + 2].Text, out int selector) || !Number(words[type + 3].Text, out int matching))
            {
                continue;
            }

            int start = words[type + 1].Offset;
            int length = words[type + 3].Offset + words[type + 3].Text.Length - start;
            yield return new TlsaRecord(owner, usage, selector, matching, new SourcePosition(file, number, start + 1), length);
        }
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= byte.MaxValue;

    /// <summary>Words at white space; parentheses, which only join lines, are white space too.</summary>
    private static IEnumerable<(string Text, int Offset)> Words(string line)
    {
        int start = -1;
        for (int at = 0; at <= line.Length; at++)
        {
            bool ends = at == line.Length || line[at] is ' ' or '\t' or '(' or ')';
            if (!ends && start < 0)
            {
                start = at;
            }
            else if (ends && start >= 0)
            {
                yield return (line[start..at], start);
                start = -1;
            }
        }
    }
}
