using System.Globalization;
using RcptVerify.TestKit.Postfix;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>One smtpd(8) with settings of its own, on a port of its own.</summary>
/// <param name="Port">The port.</param>
/// <param name="Mode">How it comes to TLS.</param>
/// <param name="Settings">What is tried, as <c>-o</c> takes it: "name = value" each.</param>
internal sealed record TlsTrial(int Port, TlsMode Mode, IReadOnlyList<string> Settings)
{
    // A process for each of hundreds of services would stay 100 s.
    private const string LeaveSoon = "max_idle = 1s";

    /// <summary>The service as master.cf and <c>effective</c> name it.</summary>
    public string Service => string.Create(CultureInfo.InvariantCulture, $"{Port}/inet");

    public static TlsTrial Add(PostfixBuilder builder, TlsMode mode, params IReadOnlyList<string> settings)
    {
        string way = mode switch
        {
            TlsMode.Opportunistic => "smtpd_tls_security_level = may",
            TlsMode.Mandatory => "smtpd_tls_security_level = encrypt",
            _ => "smtpd_tls_wrappermode = yes",
        };
        return new TlsTrial(builder.Smtpd([way, LeaveSoon, .. settings]), mode, settings);
    }

    public override string ToString() => $"{Mode}: {string.Join("; ", Settings)}";
}
