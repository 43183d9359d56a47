using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>A check as the user wants it: the rules, then severities, comments and baseline applied to what they find.</summary>
internal static class LintRun
{
    /// <summary>A comment that takes nothing away.</summary>
    public const string UnusedRule = "RV-SUP-002";

    /// <summary>Checks a configuration.</summary>
    /// <param name="configuration">What was read.</param>
    /// <param name="range">The releases.</param>
    /// <param name="options">What the user says beside it.</param>
    /// <param name="severities">Severities by rule that the user wants; <see cref="Severity.None"/> switches a rule off.</param>
    /// <param name="baseline">Fingerprints of what is known, see <see cref="Fingerprint"/>.</param>
    public static LintReport Check(
        PostfixConfiguration configuration,
        TargetRange range,
        LintOptions options,
        IReadOnlyDictionary<string, Severity> severities,
        IReadOnlySet<string> baseline)
    {
        List<Finding> all =
        [
            .. AdviceByRelease.Join(
                OneCause.Of(Linter.Run(configuration, range, options), rule => severities.GetValueOrDefault(rule, Severity.Error) == Severity.None), range),
        ];
        IReadOnlyList<Suppression> suppressions = SuppressionReader.Read(configuration, all);
        List<Finding> open = [];
        List<Finding> known = [];
        List<(Finding, string)> suppressed = [];
        HashSet<Suppression> used = [];
        foreach (Finding found in all)
        {
            Finding finding = severities.TryGetValue(found.Rule, out Severity wanted) ? found with { Severity = wanted } : found;
            if (finding.Severity == Severity.None)
                continue;
            Suppression[] covering = [.. suppressions.Where(suppression => suppression.Covers(finding))];
            used.UnionWith(covering);
            if (covering.Length > 0)
                suppressed.Add((finding, covering[0].Reason));
            else if (baseline.Contains(Fingerprint.Of(finding)))
                known.Add(finding);
            else
                open.Add(finding);
        }

        foreach (Suppression suppression in suppressions.Where(suppression => !used.Contains(suppression)))
        {
            // A rule that was switched off finds nothing: its comments are not unused for that.
            if (suppression.Rules.Any(rule => severities.GetValueOrDefault(rule, Severity.Error) != Severity.None))
                open.Add(Unused(suppression));
        }

        return new LintReport
        {
            Configuration = configuration,
            Range = range,
            Profile = options.Profile,
            Role = options.Role,
            Findings = open,
            Suppressed = suppressed,
            Known = known,
        };
    }

    private static Finding Unused(Suppression suppression) => new()
    {
        Rule = UnusedRule,
        Severity = Severity.Notice,
        Message = $"this suppression takes nothing away: {string.Join(", ", suppression.Rules)} finds nothing here",
        Position = suppression.Position,
        Length = suppression.Position.File.Line(suppression.Position.Line).TrimEnd().Length - suppression.Position.Column + 1,
        Fix = "delete the comment",
    };
}
