using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>Joins findings that differ in service or release only.</summary>
/// <param name="range">The releases looked at.</param>
internal sealed class FindingMerger(TargetRange range)
{
    private readonly Dictionary<Key, Joined> _joined = [];
    private int _added;

    /// <summary>Takes a finding of one release.</summary>
    public void Add(Finding finding, PostfixVersion version)
    {
        Key key = new(finding.Rule, finding.Severity, finding.Message, finding.Parameter, finding.Position, finding.Effective, finding.Fix);
        if (!_joined.TryGetValue(key, out Joined? joined))
            _joined[key] = joined = new Joined(finding, _added++);
        joined.Latest = finding;
        foreach (string service in finding.Services)
        {
            if (!joined.Services.Contains(service))
                joined.Services.Add(service);
        }

        if (joined.Versions.Count == 0 || joined.Versions[^1] != version)
            joined.Versions.Add(version);
    }

    /// <summary>What was taken, in the order of files and lines, then as the rules found it.</summary>
    public IReadOnlyList<Finding> Findings(IReadOnlyList<SourceFile> files)
    {
        List<SourceFile> order = [.. files];
        return
        [
            .. _joined.Values
                .OrderBy(joined => joined.Latest.Position is { } position ? order.IndexOf(position.File) : -1)
                .ThenBy(joined => joined.Latest.Position?.Line ?? 0)
                .ThenBy(joined => joined.Latest.Position?.Column ?? 0)
                .ThenByDescending(joined => joined.Latest.Severity)
                .ThenBy(joined => joined.Number)
                .Select(joined => joined.Latest with
                {
                    Services = joined.Services,
                    Versions = joined.Versions.Count == range.Targets.Count ? [] : joined.Versions,
                    // A repair must be right for every release it may run on.
                    Edits = joined.Versions.Count == range.Targets.Count ? joined.Latest.Edits : [],
                }),
        ];
    }

    private readonly record struct Key(
        string Rule, Severity Severity, string Message, string Parameter, SourcePosition? Position, string Effective, string Fix);

    private sealed class Joined(Finding finding, int number)
    {
        public Finding Latest { get; set; } = finding;

        public int Number { get; } = number;

        public List<string> Services { get; } = [];

        public List<PostfixVersion> Versions { get; } = [];
    }
}
