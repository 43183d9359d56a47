using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>
/// Follows lists of restrictions to the first word that decides for any stranger. What looks something up may decide and is not assumed
/// to, a <c>static:</c> table apart.
/// </summary>
/// <param name="parameters">As the server sees them.</param>
internal sealed class StrangerOutcomes(EffectiveParameters parameters)
{
    private const int MaxDepth = 100;

    private static readonly HashSet<string> Refusing = new(StringComparer.OrdinalIgnoreCase)
    {
        "reject", "defer", "defer_if_permit", "reject_unauth_destination", "defer_unauth_destination", "check_relay_domains",
    };

    /// <summary>Lists judged where there are no classes: by their text alone.</summary>
    private static readonly LongTexts<PlainList> Plain =
        new(list => new PlainList(Decide(list, _ => RestrictionOutcome.Undecided), Requires(list, _ => false)));

    private readonly HashSet<string> _classes = [.. parameters["smtpd_restriction_classes"].Words];
    private readonly Dictionary<string, RestrictionOutcome> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _required = new(StringComparer.Ordinal);

    /// <summary>What a list does to a stranger.</summary>
    /// <param name="name">Its parameter, or a restriction class.</param>
    public RestrictionOutcome Outcome(string name) => Outcome(name, 0);

    /// <summary>
    /// Whether the list has one of the words without which smtpd(8) does not start. What stands behind <c>permit</c> or
    /// <c>warn_if_reject</c> does not count (has_required of smtpd_check.c).
    /// </summary>
    public bool HasRequired(string name) => HasRequired(name, 0);

    private RestrictionOutcome Outcome(string name, int depth)
    {
        if (_classes.Count == 0)
            return Plain.Of(parameters.Text(name)).Outcome;
        if (_outcomes.TryGetValue(name, out RestrictionOutcome known))
            return known;
        _outcomes[name] = RestrictionOutcome.Undecided;
        return _outcomes[name] = Decide(
            parameters.Text(name), word => depth < MaxDepth && _classes.Contains(word) ? Outcome(word, depth + 1) : RestrictionOutcome.Undecided);
    }

    private bool HasRequired(string name, int depth)
    {
        if (_classes.Count == 0)
            return Plain.Of(parameters.Text(name)).HasRequired;
        if (_required.TryGetValue(name, out bool known))
            return known;
        _required[name] = false;
        return _required[name] = Requires(parameters.Text(name), word => depth < MaxDepth && _classes.Contains(word) && HasRequired(word, depth + 1));
    }

    private static RestrictionOutcome Decide(string list, Func<string, RestrictionOutcome> ofClass)
    {
        IReadOnlyList<Word> words = RestrictionLists.Words(list);
        RestrictionOutcome outcome = RestrictionOutcome.Undecided;
        for (int at = 0; at < words.Count && outcome == RestrictionOutcome.Undecided; at++)
        {
            string word = words[at].Text;
            if (Is(word, "warn_if_reject"))
                at++;
            else if (Refusing.Contains(word))
                outcome = RestrictionOutcome.Refused;
            else if (Is(word, "permit"))
                outcome = RestrictionOutcome.Permitted;
            else if (word.StartsWith("static:", StringComparison.Ordinal))
                outcome = Constant(word["static:".Length..]);
            else
                outcome = ofClass(word);
        }

        return outcome;
    }

    private static bool Requires(string list, Func<string, bool> ofClass)
    {
        IReadOnlyList<Word> words = RestrictionLists.Words(list);
        bool has = false;
        for (int at = 0; at < words.Count && !has; at++)
        {
            string word = words[at].Text;
            if (Is(word, "warn_if_reject"))
                at++;
            else if (Is(word, "permit"))
                break;
            else
                has = Refusing.Contains(word) || ofClass(word);
        }

        return has;
    }

    /// <summary>What a table of one answer answers, access(5).</summary>
    private static RestrictionOutcome Constant(string answer)
    {
        string text = answer.Trim('{', '}', ' ');
        return Is(text, "ok") || Is(text, "permit") || (text.Length > 0 && text.All(char.IsAsciiDigit)) ? RestrictionOutcome.Permitted
            : text.StartsWith("reject", StringComparison.OrdinalIgnoreCase) || text.StartsWith("defer", StringComparison.OrdinalIgnoreCase)
            ? RestrictionOutcome.Refused
            : RestrictionOutcome.Undecided;
    }

    private static bool Is(string word, string name) => word.Equals(name, StringComparison.OrdinalIgnoreCase);

    private sealed record PlainList(RestrictionOutcome Outcome, bool HasRequired);
}
