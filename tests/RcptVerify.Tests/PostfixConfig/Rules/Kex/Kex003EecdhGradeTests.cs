using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Kex;

public sealed class Kex003EecdhGradeTests
{
    private const string Main = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /x.pem\n";

    [Theory]
    [InlineData("none", "3.3", "error")]
    [InlineData("none", "3.4", "notice")]
    [InlineData("ultra", "2.8", "warning")]
    [InlineData("ULTRA", "3.5", "warning")]
    [InlineData("strong", "3.2", "notice")]
    [InlineData("strong", "3.1", null)]
    [InlineData("auto", "3.5", null)]
    [InlineData("auto", "3.6", "notice")]
    [InlineData("strong", "3.8", "notice")]
    [InlineData("auto", "3.9", "warning")]
    [InlineData("nonsense", "3.5", null)]
    public void A_grade_is_judged_by_release(string grade, string postfix, string? severity) => Assert.Equal(
        severity is null ? [] : [$"{severity} smtpd_tls_eecdh_grade@main.cf:3 [smtp/inet]"],
        new Lint { Main = Main + $"smtpd_tls_eecdh_grade = {grade}\n", Postfix = postfix }.Brief<Kex003EecdhGrade>());

    [Fact]
    public void The_default_is_nobody_s_fault_and_without_TLS_nothing_is()
    {
        new Lint { Main = Main, Postfix = "" }.IsSilent<Kex003EecdhGrade>();
        new Lint { Main = "smtpd_tls_eecdh_grade = none\n", Postfix = "3.3" }.IsSilent<Kex003EecdhGrade>();
    }

    [Fact]
    public void The_line_goes_but_not_where_another_definition_would_come_into_force()
    {
        Assert.Equal(Main, new Lint { Main = Main + "smtpd_tls_eecdh_grade = strong\n" }.Fixed<Kex003EecdhGrade>().Main);
        Assert.Empty(new Lint { Main = Main + "smtpd_tls_eecdh_grade = auto\nsmtpd_tls_eecdh_grade = strong\n" }.Single<Kex003EecdhGrade>().Edits);
    }
}
