namespace RcptVerify.PostfixConfig.Ciphers;

/// <summary>The words of OpenSSL's cipher strings that are no suite: cipher_aliases of ssl_ciph.c, without algorithms no usual build has.</summary>
internal static class CipherAliases
{
    private static readonly string[] Gcm = ["AESGCM128", "AESGCM256"];
    private static readonly string[] Ccm = ["AESCCM128", "AESCCM256", "AESCCM8128", "AESCCM8256"];
    private static readonly string[] Cbc = ["AES128", "AES256", "Camellia128", "Camellia256"];
    private static readonly string[] Aes128 = ["AES128", "AESGCM128", "AESCCM128", "AESCCM8128"];
    private static readonly string[] Aes256 = ["AES256", "AESGCM256", "AESCCM256", "AESCCM8256"];
    private static readonly string[] Aria = ["ARIAGCM128", "ARIAGCM256"];
    private static readonly string[] ChaCha = ["CHACHA20/POLY1305256"];
    private static readonly string[] Camellia = ["Camellia128", "Camellia256"];
    private static readonly string[] Authenticated = ["RSA", "DSS", "ECDSA", "PSK", "SRP"];

    /// <summary>Everything that encrypts.</summary>
    public static readonly CipherPattern Everything = Enc([.. Aes128, .. Aes256, .. Aria, .. ChaCha, .. Camellia]);

    private static readonly Dictionary<string, CipherPattern> Table = new(StringComparer.Ordinal)
    {
        ["ALL"] = Everything,
        ["COMPLEMENTOFALL"] = Enc("None0"),
        ["COMPLEMENTOFDEFAULT"] = new() { NotDefault = true },
        ["kRSA"] = Kx("RSA"),
        ["kEDH"] = Kx("DH"),
        ["kDHE"] = Kx("DH"),
        ["DH"] = Kx("DH"),
        ["kEECDH"] = Kx("ECDH"),
        ["kECDHE"] = Kx("ECDH"),
        ["ECDH"] = Kx("ECDH"),
        ["kPSK"] = Kx("PSK"),
        ["kRSAPSK"] = Kx("RSAPSK"),
        ["kECDHEPSK"] = Kx("ECDHEPSK"),
        ["kDHEPSK"] = Kx("DHEPSK"),
        ["kSRP"] = Kx("SRP"),
        ["PSK"] = Kx("PSK", "RSAPSK", "ECDHEPSK", "DHEPSK"),
        ["SRP"] = Kx("SRP"),
        ["aRSA"] = Au("RSA"),
        ["aDSS"] = Au("DSS"),
        ["DSS"] = Au("DSS"),
        ["aNULL"] = Au("None"),
        ["aECDSA"] = Au("ECDSA"),
        ["ECDSA"] = Au("ECDSA"),
        ["aPSK"] = Au("PSK"),
        ["aSRP"] = Au("SRP"),
        ["EDH"] = Kx("DH") with { Authentication = Authenticated },
        ["DHE"] = Kx("DH") with { Authentication = Authenticated },
        ["EECDH"] = Kx("ECDH") with { Authentication = Authenticated },
        ["ECDHE"] = Kx("ECDH") with { Authentication = Authenticated },
        ["RSA"] = Kx("RSA") with { Authentication = ["RSA"] },
        ["ADH"] = Kx("DH") with { Authentication = ["None"] },
        ["AECDH"] = Kx("ECDH") with { Authentication = ["None"] },
        ["NULL"] = Enc("None0"),
        ["eNULL"] = Enc("None0"),
        ["AES128"] = Enc(Aes128),
        ["AES256"] = Enc(Aes256),
        ["AES"] = Enc([.. Aes128, .. Aes256]),
        ["AESGCM"] = Enc(Gcm),
        ["AESCCM"] = Enc(Ccm),
        ["AESCCM8"] = Enc("AESCCM8128", "AESCCM8256"),
        ["CAMELLIA128"] = Enc("Camellia128"),
        ["CAMELLIA256"] = Enc("Camellia256"),
        ["CAMELLIA"] = Enc(Camellia),
        ["CHACHA20"] = Enc(ChaCha),
        ["ARIA"] = Enc(Aria),
        ["ARIAGCM"] = Enc(Aria),
        ["ARIA128"] = Enc("ARIAGCM128"),
        ["ARIA256"] = Enc("ARIAGCM256"),
        ["CBC"] = Enc(Cbc),
        ["MD5"] = Hash("MD5"),
        ["SHA1"] = Hash("SHA1"),
        ["SHA"] = Hash("SHA1"),
        ["SHA256"] = Hash("SHA256"),
        ["SHA384"] = Hash("SHA384"),
        ["SSLv3"] = new() { FirstProtocol = "SSLv3" },
        ["TLSv1"] = new() { FirstProtocol = "TLSv1" },
        ["TLSv1.0"] = new() { FirstProtocol = "TLSv1" },
        ["TLSv1.2"] = new() { FirstProtocol = "TLSv1.2" },
        ["LOW"] = new() { Strength = 'l' },
        ["MEDIUM"] = new() { Strength = 'M' },
        ["HIGH"] = new() { Strength = 'H' },
        ["FIPS"] = new() { Fips = true },
    };

    /// <summary>Words that OpenSSL once knew, or knows in other builds, and that select nothing today.</summary>
    private static readonly HashSet<string> Bygone = new(StringComparer.Ordinal)
    {
        "EXPORT", "EXP", "EXPORT40", "EXPORT56", "LOW", "RC2", "RC4", "RC5", "IDEA", "SEED", "DES", "3DES", "KRB5", "kKRB5", "aKRB5", "FZA", "SSLv2",
        "kECDH", "kECDHr", "kECDHe", "kDH", "kDHr", "kDHd", "aECDH", "aDH", "aFZA", "eFZA", "kFZA", "kGOST", "kGOST18", "aGOST", "aGOST01",
        "aGOST12", "GOST", "GOST89", "GOST94", "GOST89MAC", "GOST12", "SUITEB128", "SUITEB192", "SUITEB128ONLY", "SUITEB128C2", "DEFAULT",
    };

    /// <summary>What a word selects; null for a word that selects by nothing here.</summary>
    public static CipherPattern? Find(string word) => Table.GetValueOrDefault(word);

    /// <summary>Whether a word is or was part of OpenSSL's vocabulary, a suite's name aside.</summary>
    public static bool IsVocabulary(string word) => Table.ContainsKey(word) || Bygone.Contains(word);

    /// <summary>Every word, for suggestions.</summary>
    public static IEnumerable<string> Words => Table.Keys.Concat(Bygone).Distinct();

    private static CipherPattern Kx(params string[] words) => new() { KeyExchange = words };

    private static CipherPattern Au(params string[] words) => new() { Authentication = words };

    private static CipherPattern Enc(params string[] words) => new() { Encryption = words };

    private static CipherPattern Hash(params string[] words) => new() { Mac = words };
}
