namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A word of a master.cf line; a group in braces is one (mystrtokq of Postfix).</summary>
/// <param name="Text">The word, with its braces.</param>
/// <param name="Offset">Where it begins in the logical line.</param>
internal sealed record MasterWord(string Text, int Offset)
{
    /// <summary>The words of a line.</summary>
    public static List<MasterWord> Split(LogicalLine line, List<SyntaxError> errors)
    {
        List<MasterWord> words = [];
        string text = line.Text;
        for (int at = 0; at < text.Length;)
        {
            if (Blank.Cuts(text[at]))
            {
                at++;
                continue;
            }

            int start = at;
            int depth = 0;
            for (; at < text.Length && (depth > 0 || !Blank.Cuts(text[at])); at++)
                depth += text[at] == '{' ? 1 : text[at] == '}' && depth > 0 ? -1 : 0;
            if (depth > 0)
                errors.Add(new SyntaxError(SyntaxErrorKind.OpenBrace, line.PositionAt(start), text[start..at]));
            words.Add(new MasterWord(text[start..at], start));
        }

        return words;
    }

    /// <summary>The word as the argument of <c>-o</c>; null when it is no <c>name=value</c>.</summary>
    public ServiceOverride? Override(LogicalLine line)
    {
        bool braces = Text.StartsWith('{') && Text.EndsWith('}') && Text.Length > 1;
        int from = braces ? 1 : 0;
        int to = braces ? Text.Length - 1 : Text.Length;
        int equals = Text.IndexOf('=');
        while (from < to && braces && Blank.Is(Text[from]))
            from++;
        int nameEnd = equals;
        while (nameEnd > from && braces && Blank.Is(Text[nameEnd - 1]))
            nameEnd--;
        if (equals < 0 || nameEnd <= from || (!braces && Text.StartsWith('{')))
            return null;
        int value = equals + 1;
        while (value < to && Blank.Is(Text[value]))
            value++;
        return new ServiceOverride(Text[from..nameEnd], Text.AsSpan(value, to - value).TrimEnd(Blank.Signs).ToString(), braces, line, Offset + from, Offset + value);
    }
}
