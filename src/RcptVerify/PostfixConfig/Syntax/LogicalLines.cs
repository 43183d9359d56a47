using System.Text;

namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>Folds physical lines into logical ones, the same way for main.cf and master.cf (postconf(5), master(5)).</summary>
internal static class LogicalLines
{
    /// <summary>The logical lines of a text, in order. Linear in the text's length.</summary>
    public static List<LogicalLine> Of(SourceFile file)
    {
        List<LogicalLine> lines = [];
        List<LinePiece> pieces = [];
        StringBuilder joined = new();
        string text = file.Text;
        int number = 0;
        // The logical line begun: its first physical one (0: none), where that stands and how long it is, and where the last one ends.
        int first = 0;
        int start = 0;
        int length = 0;
        int end = 0;
        for (int at = 0; at < text.Length;)
        {
            number++;
            int newline = text.IndexOf('\n', at);
            int next = newline < 0 ? text.Length : newline + 1;
            ReadOnlySpan<char> line = text.AsSpan(at, (newline < 0 ? text.Length : newline) - at).TrimEnd('\r');
            ReadOnlySpan<char> trimmed = line.TrimStart(Blank.Signs);
            if (!trimmed.IsEmpty && trimmed[0] != '#')
            {
                // White space at the very start continues nothing: Postfix ends there, and the parsers say so.
                if (!Blank.Is(line[0]) || first == 0)
                {
                    Flush();
                    (first, start, length) = (number, at, line.Length);
                }
                else
                {
                    Continue(line);
                }

                end = next;
            }

            at = next;
        }

        Flush();
        return lines;

        void Continue(ReadOnlySpan<char> line)
        {
            if (pieces.Count == 0)
            {
                pieces.Add(new LinePiece(first, 0));
                joined.Append(text, start, length);
            }

            pieces.Add(new LinePiece(number, joined.Length));
            joined.Append(line);
        }

        void Flush()
        {
            if (first == 0)
                return;
            lines.Add(pieces.Count == 0
                ? new LogicalLine(file, text.Substring(start, length), first, null, start, end)
                : new LogicalLine(file, joined.ToString(), first, [.. pieces], start, end));
            pieces.Clear();
            joined.Clear();
        }
    }
}
