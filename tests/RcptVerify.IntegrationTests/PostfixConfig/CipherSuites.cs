using System.Globalization;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>The suites the machine's OpenSSL has up to TLS 1.2, as <c>openssl ciphers -V</c> lists them.</summary>
internal static class CipherSuites
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Code points by name.</summary>
    public static async Task<IReadOnlyDictionary<string, ushort>> ReadAsync()
    {
        string output = (await ChildProcess.RunAsync("openssl", ["ciphers", "-V", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], Patience)).Output;
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[3] != "TLSv1.3")
            .ToDictionary(words => words[2], words => ushort.Parse(
                words[0].Replace("0x", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
    }

    /// <summary>Whether a server with an RSA and an ECDSA certificate can agree to it: PSK and SRP need secrets, DSS a certificate it lacks.</summary>
    public static bool CanBeAgreedTo(string name) =>
        !name.StartsWith("TLS_", StringComparison.Ordinal) && !name.Contains("PSK", StringComparison.Ordinal) &&
        !name.Contains("SRP", StringComparison.Ordinal) && !name.Contains("DSS", StringComparison.Ordinal);
}
