namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>Deletions after which nothing else comes into force than the release's default. Where that is not sure, no edit is made.</summary>
internal static class SafeEdits
{
    /// <summary>Deletes a definition that holds.</summary>
    /// <param name="context">The configuration.</param>
    /// <param name="written">The definition.</param>
    /// <param name="emptyIsDefault">Whether an empty value is the default: then an <c>-o</c> that shadows main.cf is emptied.</param>
    public static IReadOnlyList<TextEdit> Delete(RuleContext context, WrittenValue written, bool emptyIsDefault)
    {
        if (context.IsTaken(written.Name))
            return [];
        if (written.Entry is not null)
            return context.Configuration.Main.IsOnce(written.Name) ? Edits.Delete(written) : [];
        if (written.Service!.Service.Overrides.Count(over => over.Name == written.Name) != 1)
            return [];
        return context.Configuration.Main.Find(written.Name) is null ? Edits.Delete(written) : emptyIsDefault ? Edits.SetValue(written, "") : [];
    }

    /// <summary>Whether a value takes another parameter's: <c>$name</c>, <c>${name…}</c>, <c>$(name)</c>, <c>${ name }</c>.</summary>
    public static bool RefersTo(string raw, string name)
    {
        if (name.Length == 0)
            return false;
        for (int at = raw.IndexOf(name, StringComparison.Ordinal); at >= 0; at = raw.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            int end = at + name.Length;
            if ((end == raw.Length || !IsNameSign(raw[end])) && IsAsked(raw.AsSpan(0, at)))
                return true;
        }

        return false;
    }

    /// <summary>Whether what stands before a name makes it a reference. Inside of a bracket Postfix skips white space.</summary>
    private static bool IsAsked(ReadOnlySpan<char> before)
    {
        ReadOnlySpan<char> trimmed = before.TrimEnd();
        return (!before.IsEmpty && before[^1] == '$') || (!trimmed.IsEmpty && trimmed[^1] is '{' or '(');
    }

    private static bool IsNameSign(char sign) => char.IsAsciiLetterOrDigit(sign) || sign == '_';
}
