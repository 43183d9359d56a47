using System.Buffers;
using System.Runtime.CompilerServices;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>
/// Looks through restriction lists for what smtpd(8) answers with <c>451 4.3.5 Server configuration error</c>. A list is gone through
/// once, whatever services and releases have it.
/// </summary>
internal static class RestrictionSuspects
{
    /// <summary>More are not gathered of one list: it is no list of restrictions then.</summary>
    private const int Most = 2000;

    private const string Policy = "check_policy_service";

    // What a template's word has and a restriction's has not, and where a remark begins.
    private static readonly SearchValues<char> Foreign = SearchValues.Create("{}<>%$@#()");

    private static readonly PostfixVersion Oldest = PostfixVersion.Branches[0];

    private static readonly ConditionalWeakTable<IReadOnlyList<Restriction>, List<RestrictionSuspect>> Known = [];

    /// <summary>The suspects of one list of a service.</summary>
    public static IReadOnlyList<RestrictionSuspect> Of(EffectiveParameters parameters, string name) =>
        Known.GetValue(RestrictionLists.Of(parameters, name), list => Find(list, hasAccess: name is not ("smtpd_data_restrictions" or "smtpd_end_of_data_restrictions")));

    /// <summary>Whether somebody else has still to fill the text in: a template, or a name that nobody defines yet.</summary>
    public static bool IsUnfinished(EffectiveValue value) => value.Error is not null || value.Undefined.Count > 0
        || value.Text.Contains("{{", StringComparison.Ordinal) || value.Text.Contains("{%", StringComparison.Ordinal)
        || value.Text.Contains("<%", StringComparison.Ordinal) || value.Text.Contains("@@", StringComparison.Ordinal);

    private static List<RestrictionSuspect> Find(IReadOnlyList<Restriction> list, bool hasAccess)
    {
        List<RestrictionSuspect> suspects = [];
        HashSet<object> unfinished = new(ReferenceEqualityComparer.Instance);
        HashSet<object> finished = new(ReferenceEqualityComparer.Instance);
        bool isReached = true;
        foreach (Restriction restriction in list)
        {
            // What stands behind it is a remark, and RV-SYN-002's.
            if (restriction.Name.StartsWith('#'))
                _ = unfinished.Add(restriction.Source);
            if (KindOf(restriction, hasAccess) is SuspectKind kind && !IsOfTemplate(restriction.Source))
                suspects.Add(new RestrictionSuspect(restriction, kind, isReached));
            isReached &= !Decides(restriction);
            if (suspects.Count == Most)
                break;
        }

        return suspects;

        bool IsOfTemplate(EffectiveValue source)
        {
            if (unfinished.Contains(source))
                return true;
            if (!finished.Contains(source))
                _ = (IsUnfinished(source) ? unfinished : finished).Add(source);
            return unfinished.Contains(source);
        }
    }

    private static SuspectKind? KindOf(Restriction restriction, bool hasAccess)
    {
        string name = restriction.Name;
        if (restriction.Length == restriction.Argument.Length && restriction.Length != name.Length)
            return hasAccess ? null : SuspectKind.BareTable;
        if (RestrictionNames.Since(name) is not PostfixVersion since)
            return name.AsSpan().ContainsAny(Foreign) ? null : SuspectKind.Word;
        bool hasColon = restriction.Argument.Contains(':', StringComparison.Ordinal);
        return RestrictionLists.TakesTable(name) && !hasColon ? SuspectKind.Table
            : restriction.Is(Policy) && !hasColon ? SuspectKind.Server
            : since > Oldest ? SuspectKind.Word
            : restriction.Argument.Length == 0 && RestrictionLists.TakesDomain(name) ? SuspectKind.Domain
            : null;
    }

    private static bool Decides(Restriction restriction) => restriction.Is("permit")
        || (!restriction.WarnsOnly && (restriction.Is("reject") || restriction.Is("defer")));
}
