using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>No rule throws, whatever the files are.</summary>
public sealed class GarbageTests
{
    private static readonly string[] Names =
    [
        "smtpd_tls_protocols", "smtp_tls_mandatory_protocols", "smtpd_tls_security_level", "smtp_tls_security_level", "smtpd_use_tls", "smtp_enforce_tls",
        "smtpd_tls_wrappermode", "smtpd_sasl_auth_enable", "smtpd_relay_restrictions", "smtpd_recipient_restrictions", "smtpd_restriction_classes", "mynetworks",
        "smtpd_timeout", "smtpd_hard_error_limit", "inet_protocols", "inet_interfaces", "relayhost", "transport_maps", "content_filter", "compatibility_level",
        "smtpd_tls_exclude_ciphers", "tls_medium_cipherlist", "smtpd_tls_mandatory_ciphers", "smtpd_tls_cert_file", "address_verify_map", "myhostname", "own", "a",
        "", "=", "x y", "é", "\u202e",
    ];

    private static readonly string[] Values =
    [
        "", " ", ">=", "<=", ">= TLSv1.2", ">=0", ">=ffffffffff", "!", "!!", "!TLSv1.3", ",:,", "TLSv1.2, !TLSv1.2", "yes", "no", "may", "encrypt", "dane", "none", "#",
        "# x", "yes # x", "()", "(", "x (y)", "$", "$$", "$a", "${a", "${a?", "${a?{b}:{c}}", "${{a} == {b} ? {c} : {d}}", "$own", "\\$a", "{", "}", "{ }", "{{", "a:b", ":",
        "static:ok", "permit", "reject, permit", "own", "ldap:", "ldap:a", "[", "[]", "[::1]:", "127.0.0.1", "9999999999999999999999", "-1", "1s", "s", "\0", "\u2028", "é",
    ];

    private static readonly string[] Lines =
    [
        "smtp inet n - n - - smtpd", "25 inet n - n - 1 postscreen", "smtpd pass - - n - - smtpd", ": inet n - n - - smtpd", "[::1]: inet n - n - - smtpd",
        "tlsproxy unix - - n - 0 tlsproxy", "smtp unix - - n - - smtp", "lmtp unix - - n - - lmtp", "x", "a b c d e f g h -o", "587 inet n - n - - smtpd -o { a",
        "465 inet n - n - - smtpd -o -o -o", "pickup fifo n - n 60 1 pickup", "  lost", "x/y inet - - - - - /usr/lib/smtpd -v -v",
    ];

    [Theory]
    [InlineData("2.6", 1)]
    [InlineData("3.5", 2)]
    [InlineData("3.12", 3)]
    public void No_rule_throws(string release, int seed)
    {
        Random random = new(seed);
        for (int number = 0; number < 200; number++)
        {
            string main = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => $"{Pick(random, Names)} = {Pick(random, Values)}\n"));
            string master = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => $"{Pick(random, Lines)}\n  -o {Pick(random, Names)}={Pick(random, Values)}\n"));
            Lint lint = new() { Main = main, Master = random.Next(4) == 0 ? null : master, Postfix = release, Role = random.Next(2) == 0 ? "mx" : null };
            Exception? thrown = Record.Exception(() => Linter.Run(RuleSet.All, lint.Configuration, lint.Range, lint.Options));
            Assert.True(thrown is null, $"{main}\n{master}\n{thrown}");
        }
    }

    private static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];
}
