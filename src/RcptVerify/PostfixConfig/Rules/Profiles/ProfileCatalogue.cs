using System.Globalization;

namespace RcptVerify.PostfixConfig.Rules.Profiles;

/// <summary>The guidelines that are known: the embedded file Data/profiles.tsv.</summary>
internal static class ProfileCatalogue
{
    private const string Resource = "PostfixConfig/profiles.tsv";
    private const string FirstKey = "id";
    private const string ListKey = "list";

    private static readonly Lazy<Profile[]> Profiles = new(Load);

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<Profile> All => Profiles.Value;

    /// <summary>What holds when nobody names one.</summary>
    public static Profile Default => Profiles.Value[0];

    /// <summary>The profile of an id; null when there is none.</summary>
    public static Profile? Find(string id) => Profiles.Value.FirstOrDefault(profile => profile.Id == id);

    private static Profile[] Load()
    {
        List<Profile> profiles = [];
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        List<string> lists = [];
        using StringReader lines = new(EmbeddedText.Read(Resource));
        while (lines.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            int tab = line.IndexOf('\t');
            if (tab < 0)
                throw new InvalidDataException($"{Resource}: {line}");
            string key = line[..tab];
            if (key == FirstKey && fields.Count > 0)
                Flush();
            if (key == ListKey)
                lists.Add(line[(tab + 1)..]);
            else
                fields.Add(key, line[(tab + 1)..]);
        }

        Flush();
        return [.. profiles];

        void Flush()
        {
            profiles.Add(Read(fields, [.. lists]));
            fields.Clear();
            lists.Clear();
        }
    }

    private static Profile Read(Dictionary<string, string> fields, string[] lists) => new(
        fields[FirstKey],
        fields["title"],
        IsYes(fields, "allowsOldProtocolsOpportunistically"),
        fields.GetValueOrDefault("good", ""),
        fields.GetValueOrDefault("sufficient", ""),
        fields.GetValueOrDefault("phaseOut", ""),
        fields.ContainsKey("preemptCipherlist") ? IsYes(fields, "preemptCipherlist") : null)
    {
        JudgesDefaults = IsYes(fields, "judgesDefaults"),
        Lists = lists,
        MinRsaBits = Number(fields, "minRsaBits") ?? 2048,
        GoodRsaBits = Number(fields, "goodRsaBits") ?? 2048,
        MaxCertificateDays = Number(fields, "maxCertificateDays"),
        RejectsOwnDhGroups = IsYes(fields, "rejectsOwnDhGroups"),
    };

    private static bool IsYes(Dictionary<string, string> fields, string key) => fields.GetValueOrDefault(key) == "yes";

    private static int? Number(Dictionary<string, string> fields, string key) =>
        fields.TryGetValue(key, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
