using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// Leaves one finding where two rules tell of one cause: that of the rule which knows the effect. Rules know nothing of each other, so
/// that each finds all that is its own, and what both find at one place is sorted out here.
/// </summary>
internal static class OneCause
{
    private static readonly (string Silent, string Speaks)[] Pairs =
    [
        // That no level of a server is one, and what the server then does.
        ("RV-SYN-003", "RV-OPP-004"),
        // That Postfix warns of a parameter, and what it does until it is gone.
        ("RV-DEP-001", "RV-OPP-003"),
        ("RV-DEP-001", "RV-KEX-001"),
        ("RV-DEP-001", "RV-KEX-002"),
        ("RV-DEP-001", "RV-KEX-003"),
        ("RV-DEP-001", "RV-KEX-004"),
        // That a word is none of those the parameter takes, and what verification then does.
        ("RV-SYN-003", "RV-AVR-004"),
    ];

    /// <summary>Findings less those that another rule tells better, at the same place and for the same releases.</summary>
    /// <param name="all">What the rules found.</param>
    /// <param name="isOff">Whether the user switched a rule off: it speaks for no other.</param>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<Finding> all, Func<string, bool> isOff)
    {
        Dictionary<Place, List<Finding>> spoken = [];
        foreach (Finding finding in all)
        {
            if (finding.Position is null || isOff(finding.Rule))
                continue;
            foreach ((string silent, _) in Pairs.Where(pair => pair.Speaks == finding.Rule))
            {
                Place place = new(silent, finding.Position, finding.Parameter);
                if (!spoken.TryGetValue(place, out List<Finding>? there))
                    spoken[place] = there = [];
                there.Add(finding);
            }
        }

        return spoken.Count == 0 ? all : [.. all.Where(finding => !IsTold(finding, spoken))];
    }

    private static bool IsTold(Finding finding, Dictionary<Place, List<Finding>> spoken)
    {
        if (!spoken.TryGetValue(new Place(finding.Rule, finding.Position, finding.Parameter), out List<Finding>? told))
            return false;
        // No releases are all of them.
        if (told.Any(other => other.Versions.Count == 0))
            return true;
        HashSet<PostfixVersion> versions = [.. told.SelectMany(other => other.Versions)];
        return finding.Versions.Count > 0 && finding.Versions.All(versions.Contains);
    }

    private sealed record Place(string Silent, SourcePosition? Position, string Parameter);
}
