using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>The <c>$name</c>, <c>${name…</c> and <c>$(name…</c> of a text, in order, those inside of conditions too.</summary>
internal static class NameReferences
{
    /// <summary>The names that values refer to.</summary>
    public static HashSet<string> Gather(IEnumerable<WrittenValue> all) =>
        new(all.SelectMany(written => Of(written.Raw)).Select(reference => reference.Name), StringComparer.Ordinal);

    /// <summary>The name, where a text is <c>$name</c>, <c>${name}</c> or <c>$(name)</c> and nothing else; null for anything else.</summary>
    public static string? Only(string text)
    {
        if (text.Length < 2 || text[0] != '$')
            return null;
        string name = text[1] is '{' or '(' && text[^1] is '}' or ')' ? text[2..^1] : text[1..];
        return name.Length > 0 && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '_') ? name : null;
    }

    /// <summary>The names with the offset of the dollar sign and the length up to the end of the name.</summary>
    public static IEnumerable<NameReference> Of(string text)
    {
        for (int at = text.IndexOf('$'); at >= 0 && at + 1 < text.Length; at = text.IndexOf('$', at))
        {
            if (text[at + 1] == '$')
            {
                at += 2;
                if (at >= text.Length)
                    yield break;
                continue;
            }

            int start = at + 1;
            if (text[start] is '{' or '(')
                start++;
            while (start < text.Length && start > at + 1 && Blank.Is(text[start]))
                start++;
            int end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            if (end > start)
                yield return new NameReference(text[start..end], at, end - at);
            at = Math.Max(end, at + 1);
            if (at >= text.Length)
                yield break;
        }
    }
}
