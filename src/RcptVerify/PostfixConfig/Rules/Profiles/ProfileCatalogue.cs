using System.Text.Json;

namespace RcptVerify.PostfixConfig.Rules.Profiles;

/// <summary>The guidelines that are known.</summary>
internal static class ProfileCatalogue
{
    private static readonly Lazy<Profile[]> Profiles = new(Load);

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<Profile> All => Profiles.Value;

    /// <summary>What holds when nobody names one.</summary>
    public static Profile Default => Profiles.Value[0];

    /// <summary>The profile of an id; null when there is none.</summary>
    public static Profile? Find(string id) => Profiles.Value.FirstOrDefault(profile => profile.Id == id);

    private static Profile[] Load()
    {
        using JsonDocument document = JsonDocument.Parse(EmbeddedText.Read("PostfixConfig/profiles.json"));
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    private static Profile Read(JsonElement element) => new(
        Text(element, "id"),
        Text(element, "title"),
        element.GetProperty("allowsOldProtocolsOpportunistically").GetBoolean(),
        Text(element, "good"),
        Text(element, "sufficient"),
        Text(element, "phaseOut"),
        Find(element, "preemptCipherlist")?.GetBoolean())
    {
        JudgesDefaults = Find(element, "judgesDefaults")?.GetBoolean() ?? false,
        Lists = [.. Find(element, "lists")?.EnumerateArray().Select(list => list.GetString()!) ?? []],
        MinRsaBits = Find(element, "minRsaBits")?.GetInt32() ?? 2048,
        GoodRsaBits = Find(element, "goodRsaBits")?.GetInt32() ?? 2048,
        MaxCertificateDays = Find(element, "maxCertificateDays")?.GetInt32(),
        RejectsOwnDhGroups = Find(element, "rejectsOwnDhGroups")?.GetBoolean() ?? false,
    };

    private static JsonElement? Find(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
