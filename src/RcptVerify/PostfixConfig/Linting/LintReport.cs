using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>What a check found, ready to be printed.</summary>
internal sealed record LintReport
{
    /// <summary>What was read.</summary>
    public required PostfixConfiguration Configuration { get; init; }

    /// <summary>The releases it was evaluated for.</summary>
    public required TargetRange Range { get; init; }

    /// <summary>The guideline.</summary>
    public required Profile Profile { get; init; }

    /// <summary>What the user said the host is; null where it was guessed.</summary>
    public required ServiceRole? Role { get; init; }

    /// <summary>What nothing takes away.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What a comment takes away, with its reason.</summary>
    public required IReadOnlyList<(Finding Finding, string Reason)> Suppressed { get; init; }

    /// <summary>What the baseline knew.</summary>
    public required IReadOnlyList<Finding> Known { get; init; }

    /// <summary>The least severity that is printed; all count.</summary>
    public Severity MinLevel { get; init; } = Severity.Notice;

    /// <summary>What is printed.</summary>
    public IReadOnlyList<Finding> Shown => field ??= [.. Findings.Where(finding => finding.Severity >= MinLevel)];

    /// <summary>How many findings have a severity.</summary>
    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);

    /// <summary>The releases in words: <c>3.9</c>, <c>3.4 to 3.12</c>.</summary>
    public string PostfixText => Range.Targets.Count == 1 ? Range.Newest.Postfix.ToString() : $"{Range.Targets[0].Postfix} to {Range.Newest.Postfix}";
}
