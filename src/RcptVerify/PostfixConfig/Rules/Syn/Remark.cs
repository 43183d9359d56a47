namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>What looks like a comment behind a value.</summary>
/// <param name="Offset">Where it begins in the value: at its <c>#</c> or parenthesis.</param>
/// <param name="Value">The value without it.</param>
/// <param name="Text">The remark without <c>#</c> or parentheses.</param>
internal sealed record Remark(int Offset, string Value, string Text)
{
    /// <summary>Parameters of free text, where <c>#</c> and parentheses are text.</summary>
    private static readonly string[] FreeTexts =
        ["banner", "reason", "footer", "_command", "_text", "_reply", "_name", "_replies", "_format", "_template", "delimiter", "_path", "import_environment"];

    /// <summary>The remark behind a value; null for none.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="raw">Its value as written.</param>
    /// <param name="takesText">Whether the parameter may take any text; parentheses are then a part of it.</param>
    public static Remark? Find(string name, string raw, bool takesText)
    {
        if (takesText && FreeTexts.Any(end => name.Contains(end, StringComparison.Ordinal)))
            return null;
        int at = Hash(raw);
        if (at > 0)
            return new Remark(at, raw[..at].TrimEnd(), raw[at..].TrimStart('#').Trim());
        int open = raw.IndexOf('(', StringComparison.Ordinal);
        // In a text parentheses may mean something, unless they say what the default is.
        bool isRemark = open > 0 && char.IsWhiteSpace(raw[open - 1]) && raw.EndsWith(')')
            && (!takesText || raw.AsSpan(open + 1).TrimStart().StartsWith("default", StringComparison.OrdinalIgnoreCase));
        return isRemark ? new Remark(open, raw[..open].TrimEnd(), raw[(open + 1)..^1].Trim()) : null;
    }

    /// <summary>Whether a value has one of the signs at all: hardly any has.</summary>
    public static bool MayBeIn(string raw) => raw.Contains('#', StringComparison.Ordinal) || raw.EndsWith(')');

    /// <summary>The first <c>#</c> behind white space and outside of braces; -1 for none.</summary>
    private static int Hash(string raw)
    {
        int depth = 0;
        for (int at = 1; at < raw.Length; at++)
        {
            if (raw[at] == '{')
                depth++;
            else if (raw[at] == '}')
                depth--;
            else if (raw[at] == '#' && depth <= 0 && char.IsWhiteSpace(raw[at - 1]))
                return at;
        }

        return -1;
    }
}
