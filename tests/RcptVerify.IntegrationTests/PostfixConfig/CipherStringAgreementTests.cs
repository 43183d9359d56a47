using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.TestKit.Processes;
using Xunit;
using OurSuites = RcptVerify.PostfixConfig.Ciphers.CipherSuites;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>What we make of a cipher string is what the machine's <c>openssl ciphers</c> makes of it, in the same order.</summary>
public sealed class CipherStringAgreementTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly IReadOnlyList<CipherSuite> Known = OurSuites.Of(OpenSslVersion.Assumed)!;

    [Fact]
    public async Task Lists_of_guidelines_select_what_OpenSSL_says() => Assert.Empty(await DisagreementsAsync(
        ProfileCatalogue.All.SelectMany(profile => (string[])[profile.Good, profile.Sufficient, profile.PhaseOut, .. profile.Lists]).Where(list => list.Length > 0)));

    [Fact]
    public async Task Typical_lists_of_Postfix_select_what_OpenSSL_says()
    {
        Assert.True(TypicalCipherLists.All.Count >= 40);
        Assert.Empty(await DisagreementsAsync(TypicalCipherLists.All));
    }

    private static async Task<IReadOnlyList<string>> DisagreementsAsync(IEnumerable<string> lists)
    {
        List<string> wrong = [];
        foreach (string list in lists.Distinct())
        {
            // The machine's own security level stays out of it, as Postfix keeps it out.
            (int exitCode, string output) = await ChildProcess.RunAsync("/usr/bin/openssl", ["ciphers", "-ciphersuites", "", list + ":@SECLEVEL=0"], Patience);
            string real = exitCode == 0 ? Usable(output.Trim().Split(':')) : "refused";
            string ours = CipherString.Evaluate(list, Known) is IReadOnlyList<CipherSuite> suites ? string.Join(':', suites.Select(suite => suite.Name)) : "refused";
            if (real != ours)
                wrong.Add($"{list}\n  OpenSSL: {real}\n  ours:    {ours}");
        }

        return wrong;
    }

    /// <summary>Without TLS 1.3, which no list rules, and what needs shared keys or SRP, which Postfix has not.</summary>
    private static string Usable(string[] names) => string.Join(
        ':', names.Where(name => !name.StartsWith("TLS_", StringComparison.Ordinal) && OurSuites.Find(name) is not { IsUsable: false }));
}
