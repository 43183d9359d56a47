namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>Cipher strings as main.cf files have them: Postfix's own of all releases, what guides print, and lists with exclusions appended.</summary>
internal static class TypicalCipherLists
{
    private const string Medium37 = "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH";
    private const string Medium38 = "aNULL:-aNULL:HIGH:MEDIUM:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:+RC4:@STRENGTH";
    private const string High38 = "aNULL:-aNULL:HIGH:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:@STRENGTH";

    public static readonly IReadOnlyList<string> All =
    [
        Medium37, Medium38, High38,
        "aNULL:-aNULL:HIGH:@STRENGTH",
        "aNULL:-aNULL:ALL:!EXPORT:!LOW:+RC4:@STRENGTH",
        "ALL:!EXPORT:!LOW:!MEDIUM:+RC4:@STRENGTH",
        "!EXPORT:!LOW:ALL:+RC4:@STRENGTH",
        "aNULL:-aNULL:HIGH:MEDIUM:LOW:EXPORT:+RC4:@STRENGTH",
        "eNULL:!aNULL",
        "eNULL:!kDH:!kECDH:!aDSS:!MD5:!aNULL",
        Medium37 + ":!aNULL",
        Medium38 + ":!aNULL:!MD5:!DES:!ADH:!RC4:!PSD:!SRP:!3DES:!eNULL",
        Medium37 + ":!EXPORT:!LOW:!MD5:!SEED:!IDEA:!RC2:!aDSS:!kECDHe:!kECDHr:!kDHd:!kDHr",
        Medium38 + ":!aNULL:!SEED:!CAMELLIA:!RSA+AES:!SHA1",
        Medium38 + ":!kRSA:!kDHE",
        Medium38 + ":!kEDH+aRSA:!AESCCM",
        Medium38 + ":!aNULL:!EXP:!LOW:!MEDIUM:!ADH:!AECDH:!MD5:!DSS:!ECDSA:!CAMELLIA128:!3DES:!CAMELLIA256:!RSA+AES:!eNULL",
        Medium38 + ":!aNULL:!PSK:!SRP:!kRSA:!kDHE:!SHA1:!SHA256:!SHA384:!AESCCM:!ARIA:!CAMELLIA",
        High38 + ":!TLSv1.2",
        High38 + ":!ALL",
        High38 + ":!AES128:!CHACHA20",
        High38 + ":!ECDHE-RSA-AES256-GCM-SHA384:!AES256-SHA:!TLS_AES_128_GCM_SHA256",
        "ECDHE+AESGCM:ECDHE+CHACHA20",
        "ECDHE+AESGCM:DHE+AESGCM:!aNULL",
        "EECDH+AESGCM:EDH+AESGCM",
        "EECDH+CHACHA20:EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH",
        "kEECDH:+kEECDH+SHA:kEDH:+kEDH+SHA:+kEDH+CAMELLIA:kECDH:+kECDH+SHA:kRSA:+kRSA+SHA:+kRSA+CAMELLIA:!aNULL:!eNULL:!SSLv2:!RC4:!MD5:!DES:!EXP:!SEED:!IDEA:!3DES:!SHA",
        "EDH+CAMELLIA:EDH+aRSA:EECDH+aRSA+AESGCM:EECDH+aRSA+SHA384:EECDH+aRSA+SHA256:EECDH:+CAMELLIA256:+AES256:+CAMELLIA128:+AES128:+SSLv3:!aNULL:!eNULL:!LOW:!3DES:!MD5:!EXP:!PSK:!DSS:!RC4:!SEED:!ECDSA:CAMELLIA256-SHA:AES256-SHA:CAMELLIA128-SHA:AES128-SHA",
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:AES256-SHA:DES-CBC3-SHA:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!3DES:!MD5:!PSK:!KRB5-DES-CBC3-SHA",
        "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:@STRENGTH",
        "HIGH:!aNULL:!MD5",
        "HIGH:!kRSA:!SHA1:@STRENGTH",
        "HIGH:MEDIUM:!aNULL:+SHA1:+kRSA",
        "ALL",
        "ALL:-kRSA:-SHA1:kRSA+AESGCM",
        "ALL:!COMPLEMENTOFDEFAULT",
        "DEFAULT",
        "DEFAULT:!kRSA:-SHA:SHA+ECDHE",
        "FIPS:!aNULL",
        "TLSv1.2+AES:!AESCCM8:+AES128",
        "AES256+kEECDH:AES256+kEDH",
        "aECDSA+kEECDH:aRSA+kEECDH:-AES:AES",
        "SUITEB128",
        "RC4:3DES:DES:EXPORT",
        "NOSUCH",
        "HIGH MEDIUM;ALL,!aNULL",
        "PSK:SRP:aNULL",
    ];
}
