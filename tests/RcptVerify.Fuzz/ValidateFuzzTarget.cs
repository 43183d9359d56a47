using System.Diagnostics;
using System.Text;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Reporters;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.Fuzz;

/// <summary>
/// The validator: configurations of its corpus with lines exchanged, parameters and words put in, and bytes changed. Whatever comes of
/// it is checked for some release, mended and printed, and must do so within <see cref="Patience"/>.
/// </summary>
internal sealed class ValidateFuzzTarget : IFuzzTarget
{
    /// <summary>No configuration of that size takes near as long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] Words =
    [
        "TLSv1.2", "!TLSv1.3", ">=TLSv1.2", "<=0303", ">=", "!SSLv2", "high", "medium", "aNULL", "@SECLEVEL=0", "!RC4", "may", "encrypt", "dane", "yes", "no",
        "$smtpd_tls_protocols", "${stress?{1}:{3}}", "${{$compatibility_level} >=level {3.6} ? {yes} : {no}}", "$(x)", "${", "$$", "hash:/etc/x", "proxy:btree:$data_directory/v",
        "reject_unauth_destination", "reject_unverified_recipient", "permit_mynetworks", "check_policy_service", "inet:127.0.0.1:10040", "[::1]/128", "10.0.0.1/8", "0.0.0.0/0",
        "# comment", "(DEFAULT)", "30s", "3.6", "550", "250", "<>", "{", "}", "\\$x", "/etc/postfix/key.pem", "ipv4", "[fe80::1]:25",
    ];

    private static readonly Lazy<(string Main, string Master)[]> Corpus = new(() =>
    [
        .. Directory.GetDirectories(RepositoryFile.PathOf("tests/RcptVerify.Tests/PostfixConfig/Corpus")).Order(StringComparer.Ordinal)
            .Select(folder => (File.ReadAllText(Path.Combine(folder, "main.cf")), File.ReadAllText(Path.Combine(folder, "master.cf")))),
    ]);

    private static readonly Lazy<string[]> Names = new(() => [.. PostfixDefaults.Names]);

    public string Name => "validate";

    public byte[] NewInput(Random random)
    {
        (string main, string master) = Corpus.Value[random.Next(Corpus.Value.Length)];
        List<string> lines = [.. main.Split('\n')];
        for (int changes = random.Next(6); changes > 0; changes--)
        {
            int at = random.Next(lines.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    lines.Insert(at, $"{Names.Value[random.Next(Names.Value.Length)]} = {Value(random)}");
                    break;
                case 1:
                    lines.Insert(at, "  " + Value(random));
                    break;
                case 2 when at < lines.Count:
                    lines[at] = lines[at].Split('=')[0] + "= " + Value(random);
                    break;
                default:
                    lines.Insert(at, lines[random.Next(lines.Count)]);
                    break;
            }
        }

        if (random.Next(3) == 0)
            master += $"  -o {Names.Value[random.Next(Names.Value.Length)]}={Words[random.Next(Words.Length)]}\n";
        List<byte> input = [.. Encoding.UTF8.GetBytes(string.Join('\n', lines)), 0, .. Encoding.UTF8.GetBytes(master)];
        FuzzInput.Mutate(input, "\n \t#=,:${}()!-o\0"u8, random);
        return [.. input];
    }

    public string? Check(byte[] input, Random random)
    {
        int end = Array.LastIndexOf(input, (byte)0);
        string main = Encoding.UTF8.GetString(input, 0, Math.Max(0, end));
        string? master = end < 0 ? null : Encoding.UTF8.GetString(input, end + 1, input.Length - end - 1);
        long start = Stopwatch.GetTimestamp();
        PostfixConfiguration configuration = PostfixConfiguration.Parse(main, master);
        PostfixVersion version = PostfixVersion.Branches[random.Next(PostfixVersion.Branches.Count)];
        OpenSslVersion library = random.Next(4) == 0 && OpenSslVersion.TryParse("1.0.2", out OpenSslVersion old) ? old : OpenSslVersion.Assumed;
        TargetRange range = random.Next(50) == 0
            ? TargetRange.Of(null, library, null, configuration)
            : TargetRange.Of(new Target(version, library, Platform.All[random.Next(Platform.All.Count)]));
        LintOptions options = new() { Profile = ProfileCatalogue.All[random.Next(ProfileCatalogue.All.Count)] };
        LintReport report = random.Next(10) == 0 ? Fixer.Run(configuration, Run).Report : Run(configuration);
        using StringWriter output = new();
        Formats.Find(Formats.Names[random.Next(Formats.Names.Length)], hasColour: false, "0")!.Write(report, output);
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        return taken > Patience ? $"took {taken}" : null;

        LintReport Run(PostfixConfiguration read) => LintRun.Check(read, range, options, new Dictionary<string, Severity>(), new HashSet<string>());
    }

    private static string Value(Random random) =>
        string.Join(random.Next(3) == 0 ? " " : ", ", Enumerable.Range(0, random.Next(5)).Select(_ => Words[random.Next(Words.Length)]));
}
