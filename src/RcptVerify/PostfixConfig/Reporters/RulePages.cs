using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>The pages of rules that found something, each read once.</summary>
internal sealed class RulePages
{
    private const string Section = "References";
    private const string Bullet = "- ";

    private readonly Dictionary<string, RulePage> _pages = new(StringComparer.Ordinal);

    /// <summary>A rule's page.</summary>
    public RulePage Of(string id)
    {
        if (!_pages.TryGetValue(id, out RulePage? page))
        {
            _pages[id] = page = RuleCatalogue.TryRead(id, out RulePage? read)
                ? read
                : throw new InvalidOperationException($"{id} has no page.");
        }

        return page;
    }

    /// <summary>The items of its section References, each in one line.</summary>
    public IReadOnlyList<string> References(string id)
    {
        List<string> references = [];
        foreach (string line in Of(id).Sections.First(section => section.Title == Section).Text.Split('\n'))
        {
            if (line.StartsWith(Bullet, StringComparison.Ordinal))
                references.Add(line[Bullet.Length..]);
            else if (references.Count > 0 && line.StartsWith(' '))
                references[^1] += " " + line.Trim();
        }

        return references;
    }
}
