using System.Security.Cryptography;
using System.Text;
using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// What a finding is known by in baselines and in SARIF: rule, services, parameter and message, not line, severity or value, so that it
/// survives edits elsewhere.
/// </summary>
internal static class Fingerprint
{
    /// <summary>Sixteen hexadecimal digits are enough to tell the findings of one configuration apart.</summary>
    private const int Bytes = 8;

    /// <summary>The fingerprint of a finding.</summary>
    public static string Of(Finding finding)
    {
        string text = string.Join('\n', finding.Rule, finding.ServiceText, finding.Parameter, finding.Message);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
    }
}
