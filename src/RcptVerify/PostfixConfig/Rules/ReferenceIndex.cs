using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Answers whether a value takes another parameter's, as <see cref="SafeEdits.RefersTo"/> does, without going through all values.</summary>
internal sealed class ReferenceIndex
{
    private readonly IReadOnlyList<WrittenValue> _all;
    private readonly Dictionary<string, List<WrittenValue>> _users = new(StringComparer.Ordinal);

    /// <summary>Indexes values by the words that stand behind a dollar sign or an opening bracket.</summary>
    public ReferenceIndex(IReadOnlyList<WrittenValue> all)
    {
        _all = all;
        foreach (WrittenValue written in all)
            Add(written);
    }

    /// <summary>Whether any value takes that parameter's.</summary>
    public bool Any(string name)
    {
        // Only words of these signs are indexed.
        IReadOnlyList<WrittenValue> users = name.All(IsNameSign) ? _users.GetValueOrDefault(name) ?? [] : _all;
        foreach (WrittenValue user in users)
        {
            if (SafeEdits.RefersTo(user.Raw, name))
                return true;
        }

        return false;
    }

    private void Add(WrittenValue written)
    {
        string raw = written.Raw;
        for (int at = 0; at < raw.Length; at++)
        {
            if (raw[at] is not ('$' or '{' or '('))
                continue;
            int start = at + 1;
            while (raw[at] != '$' && start < raw.Length && Blank.Is(raw[start]))
                start++;
            int end = start;
            while (end < raw.Length && IsNameSign(raw[end]))
                end++;
            if (end == start)
                continue;
            string name = raw[start..end];
            if (!_users.TryGetValue(name, out List<WrittenValue>? users))
                _users[name] = users = [];
            if (users.Count == 0 || !ReferenceEquals(users[^1], written))
                users.Add(written);
        }
    }

    private static bool IsNameSign(char sign) => char.IsAsciiLetterOrDigit(sign) || sign == '_';
}
