using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// Leaves one finding where two rules tell of one cause: that of the rule which knows the effect. Rules know nothing of each other, so
/// that each finds all that is its own, and what both find in one definition is sorted out here.
/// </summary>
internal static class OneCause
{
    private static readonly Pair[] Pairs =
    [
        // That no level of a server is one, and what the server then does.
        new("RV-SYN-003", "RV-OPP-004"),
        // What a remark makes of a value, and the remark.
        new("RV-OPP-004", "RV-SYN-002"),
        new("RV-CIP-002", "RV-SYN-002", OnlyBehind: true),
        // That Postfix warns of a parameter, and what it does until it is gone.
        new("RV-DEP-001", "RV-OPP-003"),
        new("RV-DEP-001", "RV-KEX-001"),
        new("RV-DEP-001", "RV-KEX-002"),
        new("RV-DEP-001", "RV-KEX-003"),
        // That a word is none of those the parameter takes, and what verification then does.
        new("RV-SYN-003", "RV-AVR-004"),
        // That a line may go, and what ought to stand there.
        new("RV-DEP-003", "RV-PRO-003"),
        new("RV-DEP-003", "RV-PRO-009"),
        new("RV-DEP-003", "RV-DANE-003"),
        new("RV-DEP-003", "RV-AVR-002"),
        new("RV-DEP-003", "RV-NET-001"),
        new("RV-DEP-003", "RV-NET-002"),
    ];

    // Found at different places: at the list that was hardened and at the level that reads the other one.
    private static readonly Pair[] OfServices =
    [
        // That mandatory TLS begins below opportunistic TLS, and that it begins below TLS 1.2.
        new("RV-PRO-007", "RV-PRO-003"),
        new("RV-PRO-007", "RV-DANE-003"),
    ];

    /// <summary>
    /// Findings less those that another rule tells better: of the same definition and for the same releases, or of the same parameter for
    /// the same services and releases.
    /// </summary>
    /// <param name="all">What the rules found.</param>
    /// <param name="isOff">Whether the user switched a rule off: it speaks for no other.</param>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<Finding> all, Func<string, bool> isOff)
    {
        Dictionary<Place, List<Told>> spoken = [];
        foreach (Finding finding in all)
        {
            if (finding.Position is not SourcePosition position || isOff(finding.Rule))
                continue;
            foreach (Pair pair in Pairs.Where(pair => pair.Speaks == finding.Rule))
            {
                Place place = new(pair.Silent, position.File, position.Line, finding.Parameter);
                if (!spoken.TryGetValue(place, out List<Told>? there))
                    spoken[place] = there = [];
                there.Add(new Told(finding, pair.OnlyBehind ? position.Column : 0));
            }
        }

        ILookup<string, Finding> mandatory = all.Where(finding => OfServices.Any(pair => pair.Speaks == finding.Rule) && !isOff(finding.Rule))
            .ToLookup(finding => finding.Parameter);
        return spoken.Count == 0 && mandatory.Count == 0 ? all : [.. all.Where(finding => !IsTold(finding, spoken) && !IsToldOfServices(finding, mandatory))];
    }

    private static bool IsTold(Finding finding, Dictionary<Place, List<Told>> spoken)
    {
        if (finding.Position is not SourcePosition position
            || !spoken.TryGetValue(new Place(finding.Rule, position.File, position.Line, finding.Parameter), out List<Told>? there))
            return false;
        return Cover([.. there.Where(one => position.Column >= one.From).Select(one => one.By)], finding);
    }

    private static bool IsToldOfServices(Finding finding, ILookup<string, Finding> spoken)
    {
        string[] speakers = [.. OfServices.Where(pair => pair.Silent == finding.Rule).Select(pair => pair.Speaks)];
        if (speakers.Length == 0)
            return false;
        Finding[] told = [.. spoken[finding.Parameter].Where(other => speakers.Contains(other.Rule) && other.Severity >= finding.Severity)];
        return finding.Services.Count > 0 && finding.Services.All(service => Cover([.. told.Where(other => other.Services.Contains(service))], finding));
    }

    /// <summary>Whether findings hold for all the releases of one. No releases are all of them.</summary>
    private static bool Cover(IReadOnlyCollection<Finding> told, Finding finding)
    {
        if (told.Any(other => other.Versions.Count == 0))
            return true;
        HashSet<PostfixVersion> versions = [.. told.SelectMany(other => other.Versions)];
        return finding.Versions.Count > 0 && finding.Versions.All(versions.Contains);
    }

    /// <summary>Two rules that may tell of one cause.</summary>
    /// <param name="Silent">The one that then says nothing.</param>
    /// <param name="Speaks">The one that speaks.</param>
    /// <param name="OnlyBehind">Whether only for what stands at its own place or behind it.</param>
    private sealed record Pair(string Silent, string Speaks, bool OnlyBehind = false);

    // Some rules point at the name and some at a word of the value.
    private sealed record Place(string Silent, SourceFile File, int Line, string Parameter);

    private sealed record Told(Finding By, int From);
}
