namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Which names written values refer to, as <c>$name</c>, <c>${name…}</c> or <c>$(name…)</c>.</summary>
internal static class References
{
    /// <summary>The names, whether or not a value that refers to them is in force.</summary>
    public static HashSet<string> Of(RuleContext context) => context.ReferredTo;

    /// <summary>Reads the values.</summary>
    public static HashSet<string> Gather(IReadOnlyList<WrittenValue> all)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (WrittenValue written in all)
        {
            string text = written.Raw;
            for (int at = text.IndexOf('$', StringComparison.Ordinal); at >= 0; at = text.IndexOf('$', at + 1))
            {
                int start = at + 1;
                while (start < text.Length && text[start] is '{' or '(' or ' ')
                    start++;
                int end = start;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                    end++;
                if (end > start)
                    names.Add(text[start..end]);
            }
        }

        return names;
    }
}
