using System.Globalization;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>The seed document's advice, item by item: the embedded file Data/seed.tsv, read when it is asked for.</summary>
/// <remarks>A line an item, tab separated: number, section, verdict (K, C, S or H), advice, reason, rules (separated by spaces). A # begins a comment.</remarks>
internal static class SeedTable
{
    private const string Resource = "PostfixConfig/seed.tsv";
    private const int Columns = 6;

    /// <summary>All items in their order.</summary>
    public static IReadOnlyList<SeedItem> Read()
    {
        List<SeedItem> items = [];
        using StringReader lines = new(EmbeddedText.Read(Resource));
        while (lines.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                items.Add(Parse(line));
        }
        return items;
    }

    /// <summary>The verdict a letter stands for, null for none.</summary>
    public static SeedVerdict? VerdictOf(string letter) => letter switch
    {
        "K" => SeedVerdict.Kept,
        "C" => SeedVerdict.Corrected,
        "S" => SeedVerdict.Superseded,
        "H" => SeedVerdict.Harmful,
        _ => null,
    };

    private static SeedItem Parse(string line)
    {
        string[] fields = line.Split('\t');
        if (fields.Length != Columns || VerdictOf(fields[2]) is not { } verdict || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out int number))
            throw new InvalidDataException($"{Resource}: {line}");
        return new SeedItem(number, fields[1], verdict, fields[3], fields[4], fields[5].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
