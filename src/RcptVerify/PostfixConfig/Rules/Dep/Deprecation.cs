using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Dep;

/// <summary>A parameter that Postfix warns of because it will be removed.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Since">The first release that warns.</param>
/// <param name="Replacement">What to specify instead; empty for nothing.</param>
/// <param name="IsRename">Whether the same value does the same under the new name.</param>
internal sealed record Deprecation(string Name, PostfixVersion Since, string Replacement, bool IsRename)
{
    private const string Resource = "PostfixConfig/deprecated.tsv";
    private const int Columns = 4;

    private static readonly Lazy<Dictionary<string, Deprecation>> Table = new(Read);

    /// <summary>All of them.</summary>
    public static IEnumerable<Deprecation> All => Table.Value.Values;

    /// <summary>The parameter of a name; null when no release warns of it.</summary>
    public static Deprecation? Find(string name) => Table.Value.GetValueOrDefault(name);

    /// <summary>Whether a release warns of it.</summary>
    public bool HoldsFor(PostfixVersion version) => version >= Since;

    private static Dictionary<string, Deprecation> Read()
    {
        Dictionary<string, Deprecation> table = new(StringComparer.Ordinal);
        using StringReader lines = new(EmbeddedText.Read(Resource));
        while (lines.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] fields = line.Split('\t');
            if (fields.Length != Columns || fields[3] is not ("rename" or "specify" or "delete"))
                throw new InvalidDataException($"{Resource}: {line}");
            table.Add(fields[0], new Deprecation(fields[0], PostfixVersion.Numbers(fields[1]), fields[2], fields[3] == "rename"));
        }

        return table;
    }
}
