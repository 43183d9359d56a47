using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

/// <summary>What the log says of chains in which one certificate is at fault: that one, and no other.</summary>
public sealed class CertificateFaultTests : IDisposable
{
    private const string Root = "A root";
    private const string Between = "An authority";
    private const string Server = "A server";
    private readonly List<X509Certificate2> _all = [];

    [Theory]
    [InlineData("", "")]
    [InlineData(Server, "it is expired or not yet valid")]
    [InlineData(Between, "an authority in its chain is expired or not yet valid")]
    [InlineData(Root, "an authority in its chain is expired or not yet valid")]
    public void An_expired_authority_is_not_told_as_an_expired_certificate(string expired, string told)
    {
        X509Certificate2 root = Issue(Root, null, expired == Root);
        X509Certificate2 between = Issue(Between, root, expired == Between);
        Assert.Equal(told, Describe(Issue(Server, between, expired == Server), [between], root));
    }

    [Fact]
    public void A_certificate_by_another_authority_of_the_trusted_ones_name_is_told_as_that()
    {
        X509Certificate2 server = Issue(Server, Issue(Root, null));
        Assert.Equal("it is not signed with the key of the authority that it names", Describe(server, [], Issue(Root, null)));
    }

    [Fact]
    public void An_authority_in_between_that_the_trusted_one_has_not_signed_is_told_and_not_the_certificate_below_it()
    {
        X509Certificate2 between = Issue(Between, Issue(Root, null));
        Assert.Equal(
            "an authority in its chain is not signed with the key of the one that it names", Describe(Issue(Server, between), [between], Issue(Root, null)));
    }

    [Fact]
    public void A_server_that_brings_a_wrong_authority_of_the_right_name_is_not_said_to_lack_a_trusted_ones_signature()
    {
        X509Certificate2 server = Issue(Server, Issue(Between, Issue(Root, null)));
        X509Certificate2 namesake = Issue(Between, Issue("Another root", null));
        string told = Describe(server, [namesake], Issue(Root, null));
        Assert.StartsWith("it is not signed with the key of the authority that it names", told, StringComparison.Ordinal);
        Assert.Contains("no trusted authority vouches for it", told, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_in_one_line()
    {
        X509Certificate2 root = Issue(Root, null, expired: true);
        using X509Chain chain = Build(Issue(Server, root, expired: true), [], root);
        Assert.Equal(
            "there is none, it is not for ex1.example, it is expired or not yet valid",
            CertificateFault.Describe(
                "ex1.example", chain,
                SslPolicyErrors.RemoteCertificateNotAvailable | SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.Equal("its chain does not hold", CertificateFault.Describe("ex1.example", null, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    public void Dispose() => _all.ForEach(one => one.Dispose());

    private static string Describe(X509Certificate2 server, X509Certificate2[] brought, X509Certificate2 trusted)
    {
        using X509Chain chain = Build(server, brought, trusted);
        return CertificateFault.Describe(
            "ex1.example", chain, chain.ChainStatus.Length == 0 ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors);
    }

    private static X509Chain Build(X509Certificate2 server, X509Certificate2[] brought, X509Certificate2 trusted)
    {
        X509Chain chain = new();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(brought);
        chain.Build(server);
        return chain;
    }

    /// <summary>No key identifiers: authorities of one name are told apart by nothing but their keys.</summary>
    private X509Certificate2 Issue(string name, X509Certificate2? issuer, bool expired = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(name != Server, false, 0, critical: true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset until = now.AddDays(expired ? -1 : 1);
        X509Certificate2 issued;
        if (issuer is null)
        {
            issued = request.CreateSelfSigned(now.AddDays(-9), until);
        }
        else
        {
            X509SignatureGenerator signer = X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!);
            using X509Certificate2 bare = request.Create(issuer.SubjectName, signer, now.AddDays(-9), until, RandomNumberGenerator.GetBytes(8));
            issued = bare.CopyWithPrivateKey(key);
        }

        _all.Add(issued);
        return issued;
    }
}
