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
            reasons.AddRange(Describe(chain).DefaultIfEmpty("its chain does not hold").Distinct());
        return string.Join(", ", reasons);
    }

    private static IEnumerable<string> Describe(X509Chain? chain) =>
        (chain?.ChainStatus ?? []).Select(status => Describe(status.Status, IsOfAuthority(chain!, status.Status)));

    private static string Describe(X509ChainStatusFlags status, bool ofAuthority) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => ofAuthority ? "an authority in its chain is expired or not yet valid" : "it is expired or not yet valid",
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => "no trusted authority vouches for it",
        X509ChainStatusFlags.NotSignatureValid => ofAuthority
            ? "an authority in its chain is not signed with the key of the one that it names"
            : "it is not signed with the key of the authority that it names",
        _ => status.ToString(),
    };

    /// <summary>Whether the certificate itself is free of a fault that its chain has.</summary>
    private static bool IsOfAuthority(X509Chain chain, X509ChainStatusFlags status)
    {
        bool Has(X509ChainElement element) => Array.Exists(element.ChainElementStatus, one => one.Status == status);
        return chain.ChainElements.Skip(1).Any(Has) && !Has(chain.ChainElements[0]);
    }
}
