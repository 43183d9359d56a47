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
        Key key = new(
            finding.Rule, (int)finding.Severity, finding.Message, finding.Parameter,
            finding.Position?.File, finding.Position?.Line ?? 0, finding.Position?.Column ?? 0, finding.Effective, finding.Fix);
        if (!_joined.TryGetValue(key, out Joined? joined))
            _joined[key] = joined = new Joined(finding, _added++, range.Targets.Count);
        joined.Latest = finding;
        foreach (string service in finding.Services)
        {
            if (joined.Known.Add(service))
                joined.Services.Add(service);
        }

        if (joined.Count == 0 || joined.Versions[joined.Count - 1] != version)
            joined.Versions[joined.Count++] = version;
    }

    /// <summary>What was taken, in the order of files and lines, then as the rules found it.</summary>
    public IReadOnlyList<Finding> Findings(IReadOnlyList<SourceFile> files)
    {
        List<SourceFile> order = [.. files];
        List<Joined> all = [.. _joined.Values];
        foreach (Joined joined in all)
            joined.File = joined.Latest.Position is { } position ? order.IndexOf(position.File) : -1;
        all.Sort(Compare);
        return
        [
            .. all
                .Select(joined => joined.Latest with
                {
                    Effective = joined.Latest.Because.Length == 0 ? joined.Latest.Effective
                        : joined.Latest.Effective.Length == 0 ? joined.Latest.Because : $"{joined.Latest.Effective} ({joined.Latest.Because})",
                    Services = joined.Services,
                    Versions = joined.Count == range.Targets.Count ? [] : joined.Versions.AsSpan(0, joined.Count).ToArray(),
                    // A repair must be right for every release it may run on.
                    Edits = joined.Count == range.Targets.Count ? joined.Latest.Edits : [],
                }),
        ];
    }

    private static int Compare(Joined left, Joined right)
    {
        (SourcePosition? first, SourcePosition? second) = (left.Latest.Position, right.Latest.Position);
        int order = left.File.CompareTo(right.File);
        if (order == 0)
            order = (first?.Line ?? 0).CompareTo(second?.Line ?? 0);
        if (order == 0)
            order = (first?.Column ?? 0).CompareTo(second?.Column ?? 0);
        if (order == 0)
            order = ((int)right.Latest.Severity).CompareTo((int)left.Latest.Severity);
        return order == 0 ? left.Number.CompareTo(right.Number) : order;
    }

    /// <summary>A class of plain fields: generic code over structs and enumerations is not compiled ahead.</summary>
    private sealed record Key(
        string Rule, int Severity, string Message, string Parameter, SourceFile? File, int Line, int Column, string Effective, string Fix);

    private sealed class Joined(Finding finding, int number, int targets)
    {
        public Finding Latest { get; set; } = finding;

        public int Number { get; } = number;

        /// <summary>The place of its file among all; -1 without one.</summary>
        public int File { get; set; }

        public List<string> Services { get; } = [];

        public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

        /// <summary>The releases, as many as <see cref="Count"/> says.</summary>
        public PostfixVersion[] Versions { get; } = new PostfixVersion[targets];

        public int Count { get; set; }
    }
}
