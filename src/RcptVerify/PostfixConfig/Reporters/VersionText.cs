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
        PostfixVersion[] all = [.. range.Targets.Select(target => target.Postfix)];
        int first = Array.IndexOf(all, versions[0]);
        bool isRow = versions.Select((version, at) => Array.IndexOf(all, version) == first + at).All(fits => fits);
        string text = !isRow ? string.Join(", ", versions)
            : versions[^1] == all[^1] ? $"{versions[0]} and later"
            : versions[0] == all[0] ? $"up to {versions[^1]}"
            : versions.Count == 1 ? versions[0].ToString()
            : $"{versions[0]} to {versions[^1]}";
        return "Postfix " + text;
    }
}
