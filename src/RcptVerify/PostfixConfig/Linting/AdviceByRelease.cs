using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// One finding in place of several that say the same of the same services and differ only in what releases call the repair:
/// <c>&gt;=TLSv1.2</c>, and a list of exclusions before 3.6.
/// </summary>
internal static class AdviceByRelease
{
    /// <summary>Joins them, at the place of the first.</summary>
    /// <param name="findings">Findings that differ in more than service or release, in order.</param>
    /// <param name="range">The releases looked at.</param>
    public static IEnumerable<Finding> Join(IEnumerable<Finding> findings, TargetRange range) => range.Targets.Count == 1 ? findings
        : findings.GroupBy(finding => new Key(
            finding.Rule, (int)finding.Severity, finding.Message, finding.Parameter, finding.Position?.File, finding.Position?.Line ?? 0,
            finding.Position?.Column ?? 0, finding.Effective, finding.ServiceText)).SelectMany(group => Joined([.. group], range));

    private static Finding[] Joined(Finding[] same, TargetRange range)
    {
        // What holds for one and the same release is not one finding told twice.
        bool isOne = same.All(finding => finding.Versions.Count > 0 && finding.Fix.Length > 0)
            && same.SelectMany(finding => finding.Versions).Distinct().Count() == same.Sum(finding => finding.Versions.Count);
        if (same.Length == 1 || !isOne)
            return same;
        Finding[] newestFirst = [.. same.OrderByDescending(finding => finding.Versions[^1])];
        PostfixVersion[] versions = [.. range.Targets.Select(target => target.Postfix).Where(release => same.Any(finding => finding.Versions.Contains(release)))];
        Finding joined = newestFirst[0] with
        {
            Versions = versions.Length == range.Targets.Count ? [] : versions,
            Fix = string.Join("; ", newestFirst.Select((finding, at) => at == 0 ? finding.Fix : $"up to Postfix {finding.Versions[^1]}: {finding.Fix}")),
            Edits = [],
        };
        return [joined];
    }

    /// <summary>A class of plain fields: generic code over structs and enumerations is not compiled ahead.</summary>
    private sealed record Key(
        string Rule, int Severity, string Message, string Parameter, SourceFile? File, int Line, int Column, string Effective, string Services);
}
