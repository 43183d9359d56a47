using System.Text.RegularExpressions;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// Reads suppression comments. One before a definition holds for all of it, one between its lines for the next line only, one with
/// <c>disable-file</c> for the whole configuration. The reason is mandatory: whoever finds the comment in three years needs it.
/// </summary>
internal static partial class SuppressionReader
{
    /// <summary>A comment that is meant for us and is not understood.</summary>
    public const string MalformedRule = "RV-SUP-001";

    private const string Sign = "rcptverify:";

    /// <summary>More are not repeated in a proposal.</summary>
    private const int MaxIds = 5;

    private static readonly string[] SampleIds = ["RV-PRO-003"];

    /// <summary>Reads the comments of all files.</summary>
    /// <param name="configuration">What was read.</param>
    /// <param name="malformed">Gets a finding for each comment that is not understood.</param>
    public static IReadOnlyList<Suppression> Read(PostfixConfiguration configuration, List<Finding> malformed)
    {
        List<Suppression> suppressions = [];
        List<Finding> faults = [];
        foreach (SourceFile file in configuration.Files)
        {
            if (file.Text.Contains(Sign, StringComparison.Ordinal))
                Read(file, suppressions, faults);
        }

        malformed.AddRange(Linter.Capped(faults));

        return suppressions;
    }

    private static void Read(SourceFile file, List<Suppression> suppressions, List<Finding> malformed)
    {
        List<LogicalLine> lines = LogicalLines.Of(file);
        int next = 0;
        for (int number = 1; number <= file.LineStarts.Count; number++)
        {
            string text = file.Line(number);
            if (Comment(text) is not string comment)
                continue;
            while (next < lines.Count && lines[next].LastLine < number)
                next++;
            SourcePosition position = new(file, number, text.IndexOf('#', StringComparison.Ordinal) + 1);
            Match match = Whole().Match(comment);
            string[] ids = [.. match.Groups["ids"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(RuleCatalogue.Normalize)];
            string? unknown = ids.FirstOrDefault(id => !RuleCatalogue.TryGetName(id, out _));
            string reason = match.Groups["reason"].Value.Trim();
            // Ids that are named somewhere in the comment are meant, however it is spelt.
            string[] meant = match.Success && unknown is null ? ids
                : [.. Id().Matches(comment).Select(id => RuleCatalogue.Normalize(id.Value)).Where(id => RuleCatalogue.TryGetName(id, out _)).Distinct().Take(MaxIds)];
            string form = Form(match.Groups["file"].Success, meant.Length > 0 ? meant : SampleIds, reason);
            string? fault = !match.Success ? $"the comment is not understood: write {form}"
                : unknown is not null ? $"there is no rule {unknown}"
                : reason.Length == 0 ? "a reason is needed: reason=\"why\""
                : null;
            if (fault is not null)
            {
                malformed.Add(Malformed(fault, position, text, form));
                continue;
            }

            (int first, int last) = match.Groups["file"].Success ? (0, 0) : Scope(lines, next, number);
            suppressions.Add(new Suppression(ids, reason, position, first, last));
        }
    }

    /// <summary>What a comment on a line holds for. -1: nothing follows it.</summary>
    private static (int First, int Last) Scope(List<LogicalLine> lines, int next, int number)
    {
        if (next == lines.Count)
            return (-1, -1);
        LogicalLine line = lines[next];
        if (line.FirstLine > number)
            return (line.FirstLine, line.LastLine);
        // It began before the comment, and goes on behind it.
        int piece = line.Pieces!.First(piece => piece.Line > number).Line;
        return (piece, piece);
    }

    /// <summary>What stands behind <c># rcptverify:</c>; null where the line is anything else.</summary>
    private static string? Comment(string line)
    {
        ReadOnlySpan<char> rest = line.AsSpan().TrimStart();
        if (rest.IsEmpty || rest[0] != '#')
            return null;
        rest = rest[1..].TrimStart();
        return rest.StartsWith(Sign, StringComparison.Ordinal) ? rest[Sign.Length..].TrimStart().ToString() : null;
    }

    private static string Form(bool isForFile, string[] ids, string reason) =>
        $"# rcptverify: disable{(isForFile ? "-file" : "")}={string.Join(',', ids)} reason=\"{(reason.Length > 0 ? reason : "why")}\"";

    private static Finding Malformed(string fault, SourcePosition position, string text, string form) => new()
    {
        Rule = MalformedRule,
        Severity = Severity.Warning,
        Message = "this suppression has no effect: " + fault,
        Position = position,
        Length = text.TrimEnd().Length - position.Column + 1,
        Fix = form,
    };

    [GeneratedRegex(@"^disable(?<file>-file)?=(?<ids>[A-Za-z0-9-]+(,[A-Za-z0-9-]+)*)(\s+reason=""(?<reason>[^""]*)"")?\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex("RV-[A-Z]+-[0-9]{3}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Id();
}
