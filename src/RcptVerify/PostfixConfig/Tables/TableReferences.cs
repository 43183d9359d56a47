using RcptVerify.PostfixConfig.Restrictions;

namespace RcptVerify.PostfixConfig.Tables;

/// <summary>Finds the lookup tables in a value, whatever else stands in it.</summary>
internal static class TableReferences
{
    private const string Proxy = "proxy:";

    /// <summary>Deeper groups are not looked into.</summary>
    private const int MaxDepth = 10;

    private static readonly LongTexts<IReadOnlyList<TableReference>> Lists = new(text => [.. In(text, 0, 0)]);

    /// <summary>The tables, in order; those inside <c>unionmap:{…}</c>, <c>pipemap:{…}</c> and <c>{ table, option }</c> too.</summary>
    public static IReadOnlyList<TableReference> In(string text) => Lists.Of(text);

    private static IEnumerable<TableReference> In(string text, int start, int depth)
    {
        foreach ((string word, int offset) in RestrictionLists.Words(text))
        {
            int brace = word.IndexOf('{', StringComparison.Ordinal);
            // A brace behind a dollar sign is that of a reference: btree:${data_directory}/cache.
            if (brace < 0 || (brace > 0 && word[brace - 1] == '$'))
            {
                if (Parse(word, start + offset) is TableReference table)
                    yield return table;
            }
            else if (depth < MaxDepth && word[..brace] is "" or "unionmap:" or "pipemap:")
            {
                int end = word.EndsWith('}') ? word.Length - 1 : word.Length;
                foreach (TableReference table in In(word[(brace + 1)..Math.Max(end, brace + 1)], start + offset + brace + 1, depth + 1))
                    yield return table;
            }
        }
    }

    private static bool IsType(ReadOnlySpan<char> text)
    {
        foreach (char sign in text)
        {
            if (!char.IsAsciiLetterLower(sign) && !char.IsAsciiDigit(sign))
                return false;
        }

        return true;
    }

    private static TableReference? Parse(string word, int offset)
    {
        string rest = word.TrimStart('!');
        bool proxied = false;
        for (; rest.StartsWith(Proxy, StringComparison.Ordinal); rest = rest[Proxy.Length..])
            proxied = true;
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < rest.Length - 1 && IsType(rest.AsSpan(0, colon))
            ? new TableReference(rest[..colon], rest[(colon + 1)..], proxied, offset, word.Length)
            : null;
    }
}
