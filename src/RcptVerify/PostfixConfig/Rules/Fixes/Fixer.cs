using System.Text;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>
/// Makes the safe repairs in memory, round by round, since one may bring another to light. A round after which more errors are found
/// than before is taken back: no repair may make a configuration worse.
/// </summary>
internal static class Fixer
{
    /// <summary>No configuration needs more.</summary>
    public const int MaxRounds = 10;

    /// <summary>Repairs a configuration.</summary>
    /// <param name="configuration">As it was read.</param>
    /// <param name="check">Checks a configuration the same way each time.</param>
    /// <returns>The repaired configuration, its report, and the ids of the rules whose findings were mended.</returns>
    public static (PostfixConfiguration Configuration, LintReport Report, IReadOnlyList<Finding> Mended) Run(
        PostfixConfiguration configuration, Func<PostfixConfiguration, LintReport> check)
    {
        LintReport report = check(configuration);
        List<Finding> mended = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            (List<TextEdit> edits, List<Finding> findings) = Choose(report.Findings);
            if (edits.Count == 0)
                break;
            PostfixConfiguration next = Apply(configuration, edits);
            LintReport after = check(next);
            if (after.Count(Severity.Error) > report.Count(Severity.Error))
                break;
            (configuration, report) = (next, after);
            mended.AddRange(findings);
        }

        return (configuration, report, mended);
    }

    /// <summary>Of repairs that touch each other the first is made; the other has its turn in the next round, if it is still needed.</summary>
    private static (List<TextEdit> Edits, List<Finding> Findings) Choose(IReadOnlyList<Finding> all)
    {
        List<TextEdit> edits = [];
        List<Finding> findings = [];
        foreach (Finding finding in all)
        {
            if (finding.Edits.Count == 0 || finding.Edits.Any(edit => edits.Any(other => Touch(edit, other))))
                continue;
            edits.AddRange(finding.Edits);
            findings.Add(finding);
        }

        return (edits, findings);
    }

    private static bool Touch(TextEdit one, TextEdit other) =>
        ReferenceEquals(one.File, other.File) && one.Start <= other.End && other.Start <= one.End;

    private static PostfixConfiguration Apply(PostfixConfiguration configuration, List<TextEdit> edits)
    {
        SourceFile[] files = [.. configuration.Files.Select(file => Apply(file, edits))];
        if (files.Length == 1 && configuration.Master is not null)
            return PostfixConfiguration.OfMixed(files[0]) with { Folder = configuration.Folder };
        return PostfixConfiguration.Of(files[0], files.Length > 1 ? files[1] : null, configuration.Folder);
    }

    private static SourceFile Apply(SourceFile file, List<TextEdit> edits)
    {
        TextEdit[] mine = [.. edits.Where(edit => ReferenceEquals(edit.File, file)).OrderBy(edit => edit.Start)];
        if (mine.Length == 0)
            return file;
        StringBuilder text = new(file.Text.Length);
        int at = 0;
        foreach (TextEdit edit in mine)
        {
            text.Append(file.Text, at, edit.Start - at).Append(edit.Replacement);
            at = edit.End;
        }

        return new SourceFile(file.Name, text.Append(file.Text, at, file.Text.Length - at).ToString()) { Path = file.Path, Label = file.Label };
    }
}
