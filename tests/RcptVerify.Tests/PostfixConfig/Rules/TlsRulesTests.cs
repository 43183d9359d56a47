using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Cip;
using RcptVerify.PostfixConfig.Rules.Crt;
using RcptVerify.PostfixConfig.Rules.Dane;
using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>What all rules of the groups CIP, KEX, CRT and DANE have in common.</summary>
public sealed class TlsRulesTests
{
    private static readonly PostfixRule[] All = [.. CipRules.All, .. KexRules.All, .. CrtRules.All, .. DaneRules.All];

    [Fact]
    public void Nothing_is_found_in_what_nobody_touched()
    {
        foreach (string version in (string[])["3.9", "3.10", "3.11", "3.12"])
        {
            Assert.Empty(Run(new Lint { Postfix = version }));
            Assert.Empty(Run(new Lint { Postfix = version, OpenSsl = "3.5" }));
        }
    }

    [Fact]
    public void A_huge_list_is_a_matter_of_its_length()
    {
        string words = string.Join(' ', Enumerable.Range(0, 20_000).Select(number => number % 2 == 0 ? "RC4" : "W" + number));
        string[] names = ["smtpd_tls_exclude_ciphers", "tls_eecdh_auto_curves", "smtpd_tls_chain_files", "tls_ssl_options"];
        Lint lint = new() { Main = Mail.Mx + string.Concat(names.Select(name => $"{name} = {words}\n")) };
        Assert.NotEmpty(Run(lint));
    }

    private static IReadOnlyList<Finding> Run(Lint lint) => Linter.Run(All, lint.Configuration, lint.Range, lint.Options);
}
