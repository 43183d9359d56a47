using System.Runtime.CompilerServices;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>
/// Reads restriction lists as smtpd_check_parse and generic_checks of Postfix do: words parted at commas and white space, a group in
/// braces is one; some take the next word as their argument; the names in smtpd_restriction_classes stand for lists of their own.
/// </summary>
internal static class RestrictionLists
{
    /// <summary>How often one class is put into one list: classes that double each other must not take long.</summary>
    public const int MaxUsesOfClass = 8;

    /// <summary>Deeper classes are not followed.</summary>
    public const int MaxDepth = 20;

    /// <summary>Lists of fewer restrictions are gone through whenever something is looked for.</summary>
    private const int Short = 100;

    /// <summary>Every list that may name a recipient check, in the order of the SMTP commands.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions", "smtpd_relay_restrictions",
        "smtpd_recipient_restrictions", "smtpd_data_restrictions", "smtpd_end_of_data_restrictions", "smtpd_etrn_restrictions",
    ];

    private static readonly HashSet<string> TakeDomain = new(StringComparer.OrdinalIgnoreCase)
    {
        "reject_rbl", "reject_rbl_client", "reject_rhsbl_client", "reject_rhsbl_reverse_client", "reject_rhsbl_helo", "reject_rhsbl_sender",
        "reject_rhsbl_recipient", "permit_dnswl_client", "permit_rhswl_client", "check_policy_service", "check_address_map", "sleep",
    };

    private static readonly LongTexts<IReadOnlyList<Word>> Lists = new(ReadWords);

    /// <summary>The names in long lists.</summary>
    private static readonly ConditionalWeakTable<IReadOnlyList<Restriction>, HashSet<string>> Names = [];

    /// <summary>Lists that depend on nothing but their own text. Services and releases may have the same one.</summary>
    private static readonly ConditionalWeakTable<EffectiveValue, List<Restriction>> WithoutClasses = [];

    /// <summary>One list, with its classes in place.</summary>
    /// <param name="parameters">As the daemon sees them.</param>
    /// <param name="name">The list's parameter; one that the release does not have is empty.</param>
    public static IReadOnlyList<Restriction> Of(EffectiveParameters parameters, string name) => parameters.Restrictions(name);

    /// <summary>Reads a list; <see cref="Of"/> keeps what it read.</summary>
    public static IReadOnlyList<Restriction> Read(EffectiveParameters parameters, string name)
    {
        if (!parameters.Exists(name))
            return [];
        EffectiveValue declared = parameters["smtpd_restriction_classes"];
        return declared.IsEmpty
            ? WithoutClasses.GetValue(parameters[name], list => Read(parameters, list, []))
            : Read(parameters, parameters[name], declared.Words);
    }

    private static List<Restriction> Read(EffectiveParameters parameters, EffectiveValue list, IReadOnlyList<string> declared)
    {
        List<Restriction> restrictions = [];
        Dictionary<string, int> classes = new(StringComparer.Ordinal);
        foreach (string name in declared)
            classes[name] = 0;
        Read(parameters, list, Access(list.Name), classes, warnsOnly: false, 0, restrictions);
        return restrictions;
    }

    /// <summary>All lists of a service, one behind the other.</summary>
    public static IEnumerable<Restriction> OfAll(EffectiveService service) => All.SelectMany(name => Of(service.Parameters, name));

    /// <summary>The restrictions of a name in all lists of a service.</summary>
    public static IEnumerable<Restriction> Named(EffectiveService service, string name) => All
        .Select(list => Of(service.Parameters, list))
        .Where(list => Has(list, name))
        .SelectMany(list => list.Where(restriction => restriction.Is(name)));

    /// <summary>The names in all lists of a service, not in order, some more than once.</summary>
    public static IEnumerable<string> NamesOf(EffectiveService service) => All.Select(list => Of(service.Parameters, list))
        .SelectMany(list => list.Count < Short ? list.Select(restriction => restriction.Name) : NamesOf(list));

    private static bool Has(IReadOnlyList<Restriction> list, string name) => list.Count < Short || NamesOf(list).Contains(name);

    private static HashSet<string> NamesOf(IReadOnlyList<Restriction> list) =>
        Names.GetValue(list, key => new HashSet<string>(key.Select(restriction => restriction.Name), StringComparer.OrdinalIgnoreCase));

    /// <summary>The words of a list with their offsets; a group in braces is one word.</summary>
    public static IReadOnlyList<Word> Words(string text) => Lists.Of(text);

    private static List<Word> ReadWords(string text)
    {
        List<Word> words = [];
        for (int at = 0; at < text.Length;)
        {
            if (IsSeparator(text[at]))
            {
                at++;
                continue;
            }

            int start = at;
            for (int depth = 0; at < text.Length && (depth > 0 || !IsSeparator(text[at])); at++)
                depth += text[at] == '{' ? 1 : text[at] == '}' && depth > 0 ? -1 : 0;
            words.Add(new Word(text[start..at], start));
        }

        return words;
    }

    private static void Read(
        EffectiveParameters parameters, EffectiveValue list, string access, Dictionary<string, int> classes, bool warnsOnly, int depth, List<Restriction> into)
    {
        IReadOnlyList<Word> words = Words(list.Text);
        bool warns = warnsOnly;
        for (int at = 0; at < words.Count; at++)
        {
            (string word, int offset) = words[at];
            if (word.Equals("warn_if_reject", StringComparison.OrdinalIgnoreCase))
            {
                warns = true;
                continue;
            }

            if (classes.TryGetValue(word, out int uses))
            {
                classes[word] = uses + 1;
                if (depth < MaxDepth && uses < MaxUsesOfClass)
                    Read(parameters, parameters[word], access, classes, warns, depth + 1, into);
            }
            else if (word.Contains(':', StringComparison.Ordinal))
            {
                into.Add(new Restriction(access, word, warns, list, offset, word.Length));
            }
            else
            {
                string argument = TakesArgument(word) && at + 1 < words.Count ? words[++at].Text : "";
                into.Add(new Restriction(word, argument, warns, list, offset, word.Length));
            }

            warns = warnsOnly;
        }
    }

    /// <summary>Whether the word behind it is a table.</summary>
    public static bool TakesTable(string word) =>
        word.StartsWith("check_", StringComparison.OrdinalIgnoreCase) && word.EndsWith("_access", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the word behind it is the domain of a DNS list.</summary>
    public static bool TakesDomain(string word) => TakeDomain.Contains(word)
        && (word.StartsWith("reject_", StringComparison.OrdinalIgnoreCase) || word.StartsWith("permit_", StringComparison.OrdinalIgnoreCase));

    private static bool TakesArgument(string word) => TakeDomain.Contains(word) || TakesTable(word);

    /// <summary>What a table without a check before it stands for.</summary>
    private static string Access(string name) => name switch
    {
        "smtpd_client_restrictions" => "check_client_access",
        "smtpd_helo_restrictions" => "check_helo_access",
        "smtpd_sender_restrictions" => "check_sender_access",
        "smtpd_etrn_restrictions" => "check_etrn_access",
        _ => "check_recipient_access",
    };

    private static bool IsSeparator(char sign) => sign is ',' or ' ' or '\t' or '\r' or '\n';
}
