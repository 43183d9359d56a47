namespace RcptVerify.PostfixConfig.Versions;

/// <summary>Every parameter of Postfix 2.2 to 3.12 with its defaults, from mail_params.h at every release tag. Loaded when first asked.</summary>
internal static class PostfixDefaults
{
    private static readonly Lazy<Dictionary<string, string>> Lines = new(Load);
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, ParameterHistory> Parsed = new(StringComparer.Ordinal);

    /// <summary>Every name, in order.</summary>
    public static IEnumerable<string> Names => Lines.Value.Keys;

    /// <summary>Whether any release has, or had, the parameter.</summary>
    public static bool Knows(string name) => Lines.Value.ContainsKey(name);

    /// <summary>The parameter; null when no release has it.</summary>
    public static ParameterHistory? Find(string name) =>
        Lines.Value.TryGetValue(name, out string? line) ? Parsed.GetOrAdd(name, (_, text) => ParameterHistory.Parse(text), line) : null;

    /// <summary>Whether a release has the parameter.</summary>
    public static bool Exists(string name, PostfixVersion version) => Find(name)?.At(version, OpenSslVersion.Assumed) is not null;

    /// <summary>The default, not expanded; null when the release does not have the parameter.</summary>
    /// <remarks>What Postfix computes when it starts or is built is answered with the usual result.</remarks>
    public static string? Of(string name, Target target) =>
        Find(name)?.At(target.Postfix, target.OpenSsl) is not DefaultEntry entry ? null : entry.Value ?? Computed(name, target);

    private static string Computed(string name, Target target) => name switch
    {
        "inet_protocols" => target.Postfix.IsAtLeast(2, 9) ? "all" : "ipv4",
        "default_database_type" => target.Platform.HasBerkeleyDb ? "hash" : "lmdb",
        "default_cache_db_type" => target.Platform.HasBerkeleyDb ? "btree" : "lmdb",
        "myhostname" => "localhost.localdomain",
        "mydomain" => "localdomain",
        "mynetworks" => "127.0.0.0/8 [::1]/128",
        "mail_version" => target.Postfix.ToString(),
        "mailbox_delivery_lock" => "fcntl, dotlock",
        _ => "",
    };

    private static Dictionary<string, string> Load()
    {
        Dictionary<string, string> lines = new(1000, StringComparer.Ordinal);
        foreach (string line in EmbeddedText.Read("PostfixConfig/defaults.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            lines[line[..line.IndexOf('\t')]] = line;
        return lines;
    }
}
