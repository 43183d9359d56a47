namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>Cipher grades, exclusions and lists of one's own, each as parameters for opportunistic and for mandatory TLS.</summary>
internal static class CipherSettings
{
    private const int Count = 110;

    // GRADE | smtpd_tls_exclude_ciphers | smtpd_tls_mandatory_exclude_ciphers | the list of the grade; an empty field is not set.
    private static readonly string[] Picked =
    [
        "", "high", "medium", "low", "export", "null", "HIGH", "Medium", "strong", "hi gh", "high|aNULL", "high|aNULL, MD5, DES, 3DES",
        "high|EXPORT, LOW, MD5, SEED, IDEA, RC2, aDSS, kECDHe, kECDHr, kDHd, kDHr", "high|PSD, CBC3-SHA, KRB5-DE5", "high|!aNULL",
        "high|+RC4", "high|-AES", "high|@STRENGTH", "high||aNULL", "high||kRSA:kDHE", "medium|kRSA, kDHE", "medium|RSA DH", "medium|AES",
        "medium|AESGCM, AESCCM, CHACHA20", "medium|TLSv1.2", "medium|SHA1 SHA256 SHA384", "medium|CAMELLIA,ARIA,AESCCM8", "medium|ECDSA",
        "medium|aRSA", "medium|ALL", "medium|ECDHE-RSA-AES256-GCM-SHA384, ECDHE-ECDSA-AES256-GCM-SHA384", "medium|TLS_AES_128_GCM_SHA256",
        "null|", "null|aNULL", "null|eNULL", "high|||ECDHE+AESGCM", "high|||ECDHE+AESGCM:DHE+AESGCM:!aNULL", "high|||ALL:eNULL", "high|||DEFAULT",
        "high|||HIGH:!kRSA:!SHA1", "high|||ALL:-AES128:@STRENGTH", "high|||AES256:+kRSA:-SHA1:SHA1", "high|||FOO:AES128-SHA",
        "high|||kRSA+AES:kEECDH+CHACHA20", "high|||COMPLEMENTOFDEFAULT", "high|||COMPLEMENTOFALL", "high|||ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA",
        "high|||!aNULL:HIGH", "high|||HIGH MEDIUM", "high|||HIGH,MEDIUM", "high|||ALL:!HIGH", "high|||FOO", "high|kEDH|aECDH|EECDH:EDH:RSA",
        "high|||SUITEB128", "high|||TLSv1.2:!CAMELLIA", "high|||SSLv3", "high|||TLSv1.0", "high|||aNULL", "high|||ADH:AECDH", "high|||MD5:eNULL",
        "high|||AES+SHA256", "high|||aECDSA+kEECDH+AES", "high|||DES:3DES:RC4", "high|||ALL:@SECLEVEL=0", "high|||HIGH:@STRENGTH:+AES256",
    ];

    private static readonly string[] Vocabulary =
    [
        "aNULL", "eNULL", "kRSA", "RSA", "kDHE", "DHE", "kECDHE", "ECDHE", "EECDH", "ADH", "AECDH", "aRSA", "aECDSA", "ECDSA", "AES", "AES128",
        "AES256", "AESGCM", "AESCCM", "AESCCM8", "CHACHA20", "CAMELLIA", "CAMELLIA128", "ARIA", "ARIA256", "SHA", "SHA1", "SHA256", "SHA384",
        "MD5", "TLSv1.2", "SSLv3", "HIGH", "MEDIUM", "LOW", "EXPORT", "3DES", "DES", "RC4", "SEED", "IDEA", "PSK", "SRP", "DSS", "kECDHr",
        "AES128-SHA", "DHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA", "NOSUCH",
    ];

    /// <summary>All of them, each as the parameters' values: grade, exclusions, exclusions of mandatory TLS, list of the grade high.</summary>
    public static IReadOnlyList<string[]> All { get; } = Make();

    private static List<string[]> Make()
    {
        Random random = new(20150303); // the day of FREAK
        List<string[]> all = [.. Picked.Select(Fields)];
        while (all.Count < Count)
        {
            all.Add(Fields(random.Next(3) == 0
                ? $"high|||{List(random)}"
                : $"{(random.Next(2) == 0 ? "high" : "medium")}|{Words(random)}|{(random.Next(2) == 0 ? Words(random) : "")}"));
        }

        return all;
    }

    private static string Words(Random random) => string.Join(", ", Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pick(random)));

    private static string List(Random random) =>
        string.Join(':', Enumerable.Range(0, random.Next(2, 7)).Select(_ => random.Next(8) switch
        {
            0 => "!" + Pick(random),
            1 => "-" + Pick(random),
            2 => "+" + Pick(random),
            3 or 4 => $"{Pick(random)}+{Pick(random)}",
            _ => Pick(random),
        }));

    private static string[] Fields(string line)
    {
        string[] fields = line.Split('|');
        Array.Resize(ref fields, 4);
        return fields;
    }

    private static string Pick(Random random) => Vocabulary[random.Next(Vocabulary.Length)];
}
