using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>The restrictions that smtpd(8) knows, by release: generic_checks of smtpd_check.c at every release since 2.6.</summary>
internal static class RestrictionNames
{
    private static readonly Lazy<Dictionary<string, string>> Table = new(Read);

    /// <summary>All of them.</summary>
    public static IEnumerable<string> All => Table.Value.Keys;

    /// <summary>The first release that has a restriction; null when none has. Case does not matter. What is gone counts as known.</summary>
    public static PostfixVersion? Since(string name) => Table.Value.TryGetValue(name, out string? since) ? PostfixVersion.Numbers(since) : null;

    private static Dictionary<string, string> Read()
    {
        Dictionary<string, string> table = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in EmbeddedText.Read("PostfixConfig/restrictions.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            table.Add(line[..line.IndexOf('\t')], line[(line.IndexOf('\t') + 1)..]);
        return table;
    }
}
