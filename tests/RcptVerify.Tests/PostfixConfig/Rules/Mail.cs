namespace RcptVerify.Tests.PostfixConfig.Rules;

/// <summary>Beginnings of configurations that many tests need.</summary>
internal static class Mail
{
    /// <summary>A server on port 25 with TLS, two lines.</summary>
    public const string Mx = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /etc/postfix/chain.pem\n";

    /// <summary>A submission service with mandatory TLS, one line; options may follow.</summary>
    public const string Submission = "submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt\n";

    /// <summary>A server on port 25, one line; options may follow.</summary>
    public const string Smtp = "smtp inet n - n - - smtpd\n";
}
