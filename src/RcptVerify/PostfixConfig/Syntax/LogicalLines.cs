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
        int start = 0;
        int end = 0;
        int number = 0;
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
                if (!Blank.Is(line[0]) || pieces.Count == 0)
                {
                    Flush();
                    start = at;
                }

                pieces.Add(new LinePiece(number, joined.Length));
                joined.Append(line);
                end = next;
            }

            at = next;
        }

        Flush();
        return lines;

        void Flush()
        {
            if (pieces.Count > 0)
                lines.Add(new LogicalLine(file, joined.ToString(), [.. pieces], start, end));
            pieces.Clear();
            joined.Clear();
        }
    }
}
