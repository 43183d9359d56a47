using RcptVerify.PostfixConfig.Ciphers;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>Names what suites have in common, and the words that exclude them.</summary>
internal static class SuiteKinds
{
    private static readonly Kind[] Kinds =
    [
        new("no encryption", suite => suite.IsNull),
        new("RSA key exchange", suite => suite.KeyExchange == "RSA"),
        new("DSS keys", suite => suite.Authentication == "DSS"),
        new("finite-field DHE", suite => suite.KeyExchange == "DH"),
        new("CCM with short tags", suite => suite.Encryption == "AESCCM8"),
        new("CCM", suite => suite.Encryption == "AESCCM"),
        new("CBC with SHA-1", suite => suite.Mac == "SHA1"),
        new("CBC with SHA-2", suite => suite.Mac is "SHA256" or "SHA384"),
        new("ARIA", suite => suite.Encryption == "ARIAGCM"),
        new("Camellia", suite => suite.Encryption == "Camellia"),
        new("ChaCha20", suite => suite.Encryption.StartsWith("CHACHA20", StringComparison.Ordinal)),
    ];

    // The broadest first.
    private static readonly string[] Words =
        ["eNULL", "kRSA", "kDHE", "SHA1", "SHA256", "SHA384", "AESCCM8", "AESCCM", "CAMELLIA", "ARIA", "CHACHA20", "aDSS"];

    /// <summary>The first kind of each suite, each once.</summary>
    public static string Text(IEnumerable<CipherSuite> suites)
    {
        HashSet<string> found = [.. suites.Select(suite => Kinds.FirstOrDefault(kind => kind.Holds(suite))?.Name ?? suite.Name)];
        return string.Join(", ", Kinds.Select(kind => kind.Name).Where(found.Remove).ToArray().Concat(found));
    }

    /// <summary>Words that exclude the first suites and none of the others.</summary>
    public static IReadOnlyList<string> WordsAgainst(IEnumerable<CipherSuite> suites, IReadOnlyCollection<CipherSuite> others)
    {
        List<CipherSuite> left = [.. suites];
        List<string> words = [];
        foreach (string word in Words)
        {
            CipherPattern pattern = CipherAliases.Find(word)!;
            if (!others.Any(pattern.Selects) && left.RemoveAll(suite => pattern.Selects(suite)) > 0)
                words.Add(word);
        }

        return [.. words, .. left.Select(suite => suite.Name)];
    }

    private sealed record Kind(string Name, Func<CipherSuite, bool> Holds);
}
