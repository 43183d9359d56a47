using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace RcptVerify.Telemetry;

/// <summary>Why a server's certificate does not pass, in words for the log.</summary>
internal static class CertificateFault
{
    /// <summary>All that is wrong with it.</summary>
    /// <param name="host">The name that it has to be for.</param>
    /// <param name="chain">Its chain, where one was built.</param>
    /// <param name="errors">What the handshake found.</param>
    public static string Describe(string? host, X509Chain? chain, SslPolicyErrors errors)
    {
        List<string> reasons = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            reasons.Add("there is none");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            reasons.Add($"it is not for {host}");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            reasons.AddRange((chain?.ChainStatus ?? []).Select(status => Describe(status.Status)).Distinct());
        return string.Join(", ", reasons);
    }

    private static string Describe(X509ChainStatusFlags status) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => "it is expired or not yet valid",
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => "no trusted authority vouches for it",
        X509ChainStatusFlags.NotSignatureValid => "it is not signed by the trusted authority of that name",
        _ => status.ToString(),
    };
}
