using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>A word of a zone file, RFC 1035 section 5.1.</summary>
/// <param name="Text">The word; a quoted string with its quotes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal sealed record ZoneWord(string Text, int Line, int Column)
{
    /// <summary>Its place.</summary>
    public SourcePosition PositionIn(SourceFile file) => new(file, Line, Column);

    /// <summary>
    /// The entries of a file, none of them empty: lines, joined inside of brackets, without remarks. A bracket that is never closed joins
    /// nothing, and no other does then.
    /// </summary>
    public static IEnumerable<List<ZoneWord>> Entries(SourceFile file)
    {
        bool joins = true;
        for (int number = 1; number <= file.LineStarts.Count; number++)
        {
            List<ZoneWord> words = [];
            int depth = Read(file, number, words);
            int last = number;
            while (joins && depth > 0 && last < file.LineStarts.Count)
                depth += Read(file, ++last, words);
            if (joins && depth > 0)
            {
                joins = false;
                words.Clear();
                Read(file, number, words);
            }
            else
            {
                number = last;
            }

            if (words.Count > 0)
                yield return words;
        }
    }

    /// <summary>Reads a line's words. Returns how many brackets it opens that it does not close.</summary>
    private static int Read(SourceFile file, int number, List<ZoneWord> words)
    {
        string line = file.Line(number);
        (int depth, int start, bool quoted) = (0, -1, false);
        for (int at = 0; at <= line.Length; at++)
        {
            char sign = at < line.Length ? line[at] : ';';
            if (sign == '"' && (at == 0 || line[at - 1] != '\\'))
                quoted = !quoted;
            bool ends = at == line.Length || (!quoted && sign is ' ' or '\t' or '\r' or '(' or ')' or ';');
            if (ends && start >= 0)
                words.Add(new ZoneWord(line[start..at], number, start + 1));
            start = ends ? -1 : start < 0 ? at : start;
            if (!ends || quoted)
                continue;
            if (sign == ';')
                break;
            depth += sign == '(' ? 1 : sign == ')' ? -1 : 0;
        }

        return depth;
    }
}
