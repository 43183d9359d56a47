using System.Text.Json;
using RcptVerify.TestKit.Tls;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>What <c>effective</c> says an smtpd(8) negotiates is what the real one negotiates.</summary>
public sealed class EffectiveAgreementTests
{
    [Fact]
    public async Task Protocols_are_those_a_real_Postfix_negotiates()
    {
        IReadOnlyList<ushort> suites = [.. (await CipherSuites.ReadAsync()).Values];
        await using TlsTrials trials = await TlsTrials.StartAsync(builder => ProtocolSettings.All.Select((value, i) =>
        {
            TlsMode mode = (TlsMode)(i % 3);
            string parameter = mode == TlsMode.Opportunistic ? "smtpd_tls_protocols" : "smtpd_tls_mandatory_protocols";
            return TlsTrial.Add(builder, mode, $"{parameter} = {value}");
        }));

        IReadOnlyList<string> wrong = await trials.DisagreementsAsync(async (trial, effective) =>
        {
            string real = Words((await new SmtpTlsClient(trial.Port, trial.Mode == TlsMode.Wrapper).VersionsAsync(suites)).Select(Name));
            string said = Words(Strings(effective, "protocols").Where(p => !p.StartsWith("SSL", StringComparison.Ordinal)));
            return real == said ? null : $"Postfix negotiates {real}, effective says {said}";
        });

        Assert.True(trials.All.Count >= 300);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Cipher_suites_are_those_a_real_Postfix_negotiates()
    {
        IReadOnlyDictionary<string, ushort> suites = await CipherSuites.ReadAsync();
        Dictionary<ushort, string> names = suites.ToDictionary(s => s.Value, s => s.Key);
        await using TlsTrials trials = await TlsTrials.StartAsync(builder => CipherSettings.All.Select((values, i) =>
        {
            TlsMode mode = (TlsMode)(i % 3);
            string grade = mode == TlsMode.Opportunistic ? "smtpd_tls_ciphers" : "smtpd_tls_mandatory_ciphers";
            (string Name, string? Value)[] settings =
            [
                (grade, values[0]), ("smtpd_tls_exclude_ciphers", values[1]), ("smtpd_tls_mandatory_exclude_ciphers", values[2]),
                ("tls_high_cipherlist", values[3]),
            ];
            return TlsTrial.Add(builder, mode, [.. settings.Where(s => !string.IsNullOrEmpty(s.Value)).Select(s => $"{s.Name} = {s.Value}")]);
        }));

        IReadOnlyList<string> wrong = await trials.DisagreementsAsync(async (trial, effective) =>
        {
            SmtpTlsClient client = new(trial.Port, trial.Mode == TlsMode.Wrapper);
            HashSet<string> real = [.. (await client.SuitesAsync([.. suites.Values])).Select(code => names[code])];
            HashSet<string> said = [.. Strings(effective, "ciphers").Where(CipherSuites.CanBeAgreedTo)];
            return real.SetEquals(said) ? null : $"only Postfix: {Words(real.Except(said))}; only effective: {Words(said.Except(real))}";
        });

        Assert.True(trials.All.Count >= 100);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Name(TlsVersion version) => version == TlsVersion.Tls10 ? "TLSv1" : $"TLSv1.{version - TlsVersion.Tls10}";

    private static string Words(IEnumerable<string> words) => string.Join(' ', words.Order(StringComparer.Ordinal)) is { Length: > 0 } some ? some : "nothing";

    private static IEnumerable<string> Strings(JsonElement service, string name) =>
        service.GetProperty(name).EnumerateArray().Select(e => e.GetString()!);
}
