using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>A real Postfix with many smtpd(8) services, and what our <c>effective</c> says of that very configuration.</summary>
internal sealed class TlsTrials : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private PostfixInstance? _postfix;

    private TlsTrials(IReadOnlyList<TlsTrial> trials) => All = trials;

    public IReadOnlyList<TlsTrial> All { get; }

    /// <summary>What <c>effective --json</c> says, by service.</summary>
    public IReadOnlyDictionary<string, JsonElement> Effective { get; private set; } = new Dictionary<string, JsonElement>();

    public static async Task<TlsTrials> StartAsync(Func<PostfixBuilder, IEnumerable<TlsTrial>> add)
    {
        PostfixBuilder builder = new();
        TlsTrials trials = new([.. add(builder)]);
        try
        {
            builder.Main($"smtpd_tls_chain_files = {trials.Chain("rsa")}, {trials.Chain("ecdsa")}").Main("smtpd_starttls_timeout = 30s");
            trials._postfix = await builder.StartAsync();
            (int exitCode, string output) = await ChildProcess.RunAsync(
                DaemonProcess.Executable, ["effective", trials._postfix.ConfigDirectory, "--json", .. await VersionsAsync()], Patience);
            Assert.True(exitCode == 0, output);
            using JsonDocument document = JsonDocument.Parse(output);
            trials.Effective = document.RootElement.GetProperty("services").EnumerateArray()
                .ToDictionary(s => s.GetProperty("service").GetString()!, s => s.Clone(), StringComparer.Ordinal);
            return trials;
        }
        catch
        {
            await trials.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries all, a few at a time.</summary>
    /// <param name="disagreement">What is wrong with one, or null.</param>
    /// <returns>What is wrong, a line each.</returns>
    public async Task<IReadOnlyList<string>> DisagreementsAsync(Func<TlsTrial, JsonElement, Task<string?>> disagreement)
    {
        string?[] found = new string?[All.Count];
        await Parallel.ForAsync(0, All.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            string? wrong = await disagreement(All[i], Effective[All[i].Service]);
            found[i] = wrong is null ? null : $"{All[i]}: {wrong}";
        });
        return [.. found.OfType<string>()];
    }

    public async ValueTask DisposeAsync()
    {
        if (_postfix is not null)
        {
            await _postfix.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<IEnumerable<string>> VersionsAsync()
    {
        string postfix = (await ChildProcess.RunAsync("/usr/sbin/postconf", ["-d", "-h", "mail_version"], Patience)).Output.Trim();
        string openssl = (await ChildProcess.RunAsync("openssl", ["version"], Patience)).Output.Split(' ')[1];
        return ["--postfix", postfix, "--openssl", string.Join('.', openssl.Split('.').Take(2))];
    }

    /// <summary>Writes a key and its certificate.</summary>
    private string Chain(string algorithm)
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        bool isRsa = algorithm == "rsa";
        CertificateRequest request = isRsa
            ? new("CN=mx.mta.test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new("CN=mx.mta.test", ecdsa, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        string key = isRsa ? rsa.ExportPkcs8PrivateKeyPem() : ecdsa.ExportPkcs8PrivateKeyPem();
        return _folder.Write(
            string.Create(CultureInfo.InvariantCulture, $"{algorithm}.pem"), $"{key}\n{certificate.ExportCertificatePem()}\n");
    }
}
