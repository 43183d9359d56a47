using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>Says for which releases a finding holds.</summary>
internal static class VersionText
{
    /// <summary><c>Postfix 3.4 to 3.5</c>, <c>Postfix 3.9 and later</c>, <c>Postfix up to 3.5</c>; empty when it holds for all that were looked at.</summary>
    public static string Of(Finding finding, TargetRange range)
    {
        IReadOnlyList<PostfixVersion> versions = finding.Versions;
        if (versions.Count == 0)
            return "";
        string[] texts = new string[versions.Count];
        int start = IndexOf(range, versions[0]);
        bool isRow = true;
        for (int at = 0; at < texts.Length; at++)
        {
            texts[at] = versions[at].ToString();
            isRow &= IndexOf(range, versions[at]) == start + at;
        }

        string text = !isRow ? string.Join(", ", texts)
            : versions[^1] == range.Newest.Postfix ? $"{texts[0]} and later"
            : versions[0] == range.Targets[0].Postfix ? $"up to {texts[^1]}"
            : texts.Length == 1 ? texts[0]
            : $"{texts[0]} to {texts[^1]}";
        return "Postfix " + text;
    }

    private static int IndexOf(TargetRange range, PostfixVersion version)
    {
        for (int at = 0; at < range.Targets.Count; at++)
        {
            if (range.Targets[at].Postfix == version)
                return at;
        }

        return -1;
    }
}
