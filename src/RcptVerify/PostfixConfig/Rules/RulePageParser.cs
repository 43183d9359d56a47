using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>
/// Reads a rule's page: lines <c>key: value</c> between two lines <c>---</c>, then Markdown whose second-level headings are
/// <see cref="RulePage.SectionTitles"/>. It knows as much of Markdown as the pages use, and refuses what it does not know.
/// </summary>
internal static class RulePageParser
{
    private const string Border = "---";
    private const string Heading = "## ";

    private static readonly string[] KnownKeys =
        ["id", "title", "severities", "roles", "since", "until", "security-severity", "cwe", "cve", "seed", "fix"];

    /// <summary>Parses a page. False: <paramref name="fault"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RulePage? page, [NotNullWhen(false)] out string? fault)
    {
        page = null;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        Dictionary<string, string> front = [];
        int body = ReadFront(lines, front, out fault);
        if (fault is not null)
            return false;
        if (!double.TryParse(front["security-severity"], CultureInfo.InvariantCulture, out double severity) || severity is < 0 or > 10)
            fault = "security-severity is no number of 0.0 to 10.0";
        else if (front["fix"] is not ("safe" or "manual"))
            fault = "fix is neither safe nor manual";
        if (!TrySeed(List(front["seed"]), out List<SeedReference> seed))
            fault ??= "seed is no list of a letter and a number each";

        List<PageSection> sections = ReadSections(lines.AsSpan(body), ref fault);
        if (fault is not null)
            return false;
        if (!sections.Select(section => section.Title).SequenceEqual(RulePage.SectionTitles))
        {
            fault = "its sections are not " + string.Join(" · ", RulePage.SectionTitles);
            return false;
        }
        if (!PageExamples.TryRead(sections, out List<PageExample> examples, out fault))
            return false;

        page = new RulePage(
            front["id"], front["title"], List(front["severities"]), List(front["roles"]), front["since"], front["until"], severity,
            List(front["cwe"]), List(front["cve"]), seed, front["fix"] == "safe", sections, examples);
        return true;
    }

    /// <summary>Returns the index of the first line below the front matter.</summary>
    private static int ReadFront(string[] lines, Dictionary<string, string> front, out string? fault)
    {
        int end = lines[0] == Border ? Array.IndexOf(lines, Border, 1) : -1;
        fault = end < 0 ? "no front matter" : null;
        for (int i = 1; i < end; i++)
        {
            int colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !front.TryAdd(lines[i][..colon], lines[i][(colon + 1)..].Trim()))
                fault = "front matter: " + lines[i];
        }
        if (fault is null && !front.Keys.SequenceEqual(KnownKeys))
            fault = "the keys of the front matter are not " + string.Join(", ", KnownKeys);
        return end + 1;
    }

    private static List<PageSection> ReadSections(ReadOnlySpan<string> lines, ref string? fault)
    {
        List<PageSection> sections = [];
        string? title = null;
        List<string> text = [];
        foreach (string line in lines)
        {
            if (line.StartsWith(Heading, StringComparison.Ordinal))
            {
                if (title is not null)
                    sections.Add(new PageSection(title, string.Join('\n', text).Trim('\n')));
                title = line[Heading.Length..];
                text.Clear();
            }
            else if (title is not null)
            {
                text.Add(line);
            }
            else if (line.Length > 0)
            {
                fault ??= "text before the first section: " + line;
            }
        }
        if (title is not null)
            sections.Add(new PageSection(title, string.Join('\n', text).Trim('\n')));
        return sections;
    }

    private static bool TrySeed(string[] items, out List<SeedReference> seed)
    {
        seed = [];
        foreach (string item in items)
        {
            if (item.Split(' ') is not [string letter, string digits] || SeedTable.VerdictOf(letter) is not { } verdict
                || !int.TryParse(digits, CultureInfo.InvariantCulture, out int number))
                return false;
            seed.Add(new SeedReference(verdict, number));
        }
        return true;
    }

    private static string[] List(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
