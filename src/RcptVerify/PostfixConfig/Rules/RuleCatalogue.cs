using System.Diagnostics.CodeAnalysis;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>
/// All rules by id. The ids come from the names of the embedded pages (<c>Pro001InvalidToken</c> is RV-PRO-001), so that no page is
/// read but the one that is asked for: a check reads the pages of what it found, and no more.
/// </summary>
internal static class RuleCatalogue
{
    /// <summary>The groups, in the order of lists.</summary>
    public static readonly string[] Groups = ["SYN", "PRO", "CIP", "KEX", "CRT", "DANE", "OPP", "SUB", "NET", "AVR", "DEP"];

    private const string Folder = "rules/";
    private const string Extension = ".md";
    private const string IdPrefix = "RV-";
    private const int Digits = 3;

    private static readonly Lazy<(string[] Ids, Dictionary<string, string> Names)> Index = new(BuildIndex);

    /// <summary>All ids, by group and number. What is said of suppression comments (RV-SUP) has pages and is no rule.</summary>
    public static IReadOnlyList<string> Ids => Index.Value.Ids;

    /// <summary>What is said of suppression comments, by number: it has pages, and can be explained, and is no rule.</summary>
    public static IReadOnlyList<string> Remarks => [.. Index.Value.Names.Keys.Where(id => !Ids.Contains(id)).Order(StringComparer.Ordinal)];

    /// <summary>The id as it is written here: capitals, with <c>RV-</c> before it. It need not exist.</summary>
    public static string Normalize(string id)
    {
        string capitals = id.Trim().ToUpperInvariant();
        return capitals.StartsWith(IdPrefix, StringComparison.Ordinal) ? capitals : IdPrefix + capitals;
    }

    /// <summary>The rule's name, which its page's and class's files bear: <c>Pro001InvalidToken</c>. False: no such rule.</summary>
    public static bool TryGetName(string id, [NotNullWhen(true)] out string? name) => Index.Value.Names.TryGetValue(Normalize(id), out name);

    /// <summary>Reads one rule's page, in any spelling that <see cref="Normalize"/> knows. False: no such rule.</summary>
    public static bool TryRead(string id, [NotNullWhen(true)] out RulePage? page)
    {
        page = TryGetName(id, out string? name) ? Parse(name) : null;
        return page is not null;
    }

    /// <summary>Reads all pages, in the order of <see cref="Ids"/>.</summary>
    public static IEnumerable<RulePage> ReadAll() => Ids.Select(id => Parse(Index.Value.Names[id]));

    /// <summary>Reads the pages of <see cref="Remarks"/>.</summary>
    public static IEnumerable<RulePage> ReadRemarks() => Remarks.Select(id => Parse(Index.Value.Names[id]));

    private static RulePage Parse(string name)
    {
        if (!RulePageParser.TryParse(EmbeddedText.Read(Folder + name + Extension), out RulePage? page, out string? fault))
            throw new InvalidDataException($"{name}{Extension}: {fault}");
        return page;
    }

    private static (string[] Ids, Dictionary<string, string> Names) BuildIndex()
    {
        Dictionary<string, string> names = [];
        foreach (string resource in EmbeddedText.Names(Folder))
        {
            string name = resource[Folder.Length..^Extension.Length];
            int digits = name.AsSpan().IndexOfAnyInRange('0', '9');
            names.Add($"{IdPrefix}{name[..digits].ToUpperInvariant()}-{name.AsSpan(digits, Digits)}", name);
        }
        string[] ids = [.. names.Keys.Where(id => Groups.Contains(id.Split('-')[1])).OrderBy(id => Array.IndexOf(Groups, id.Split('-')[1])).ThenBy(id => id, StringComparer.Ordinal)];
        return (ids, names);
    }
}
