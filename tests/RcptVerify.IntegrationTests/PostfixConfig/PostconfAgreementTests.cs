using System.Text.RegularExpressions;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Rules.Syn;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>Our reading of the corpus beside that of the installed <c>postconf</c>: expanded values, unused parameters, overridden ones.</summary>
public sealed partial class PostconfAgreementTests
{
    private const string Corpus = "tests/RcptVerify.Tests/PostfixConfig/Corpus";
    private const string Postconf = "/usr/sbin/postconf";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Names => [.. Directory.GetDirectories(RepositoryFile.PathOf(Corpus)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_value_is_expanded_as_postconf_does(string name)
    {
        using TempFolder folder = Copy(name);
        (_, string output) = await ChildProcess.RunAsync(Postconf, ["-c", folder.Path, "-x", "-n"], Patience);
        PostfixConfiguration configuration = ConfigurationReader.Read(folder.Path, TextReader.Null).Configuration!;
        EffectiveParameters main = EffectiveConfiguration.Of(configuration, await TargetAsync()).Main;
        // What speaks of the running process has postconf's own name and number in it; config_directory is where -c points.
        string[] expected =
        [
            .. output.Split('\n').Where(line => line.Contains(" =", StringComparison.Ordinal) && !IsWarning(line)).Select(Squeeze)
                .Where(line => !main[line.Split(' ')[0]].Raw.Contains("$process_", StringComparison.Ordinal))
                .Where(line => !line.Contains(folder.Path, StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(expected);
        Assert.Equal(expected, expected.Select(line => line.Split(' ')[0]).Select(parameter => Squeeze($"{parameter} = {main[parameter].Text}")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Unused_and_overridden_parameters_are_those_postconf_warns_of(string name)
    {
        using TempFolder folder = Copy(name);
        (_, string output) = await ChildProcess.RunAsync(Postconf, ["-c", folder.Path, "-n"], Patience);
        PostfixConfiguration configuration = ConfigurationReader.Read(folder.Path, TextReader.Null).Configuration!;
        TargetRange range = TargetRange.Of(await TargetAsync());
        LintOptions options = new() { Profile = ProfileCatalogue.Default };

        Assert.Equal(Warned(output, Unused()), Found(new Syn007UnknownParameter(), _ => true));
        // Postfix is silent where both values are the same; for us that is a notice.
        Assert.Equal(Warned(output, Overriding()), Found(new Syn004DuplicateDefinition(), finding => finding.Severity > Severity.Notice));

        string[] Found(PostfixRule rule, Func<Finding, bool> counts) =>
        [
            .. Linter.Run([rule], configuration, range, options).Where(finding => finding.Position?.File.Name == "main.cf" && counts(finding))
                .Select(finding => finding.Parameter).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private static string[] Warned(string output, Regex what) =>
        [.. what.Matches(output).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal)];

    private static async Task<Target> TargetAsync()
    {
        (_, string version) = await ChildProcess.RunAsync(Postconf, ["-d", "-h", "mail_version"], Patience);
        Assert.True(PostfixVersion.TryParse(version.Trim().Split('\n')[^1], out PostfixVersion installed), version);
        return Target.Of(installed);
    }

    private static TempFolder Copy(string name)
    {
        TempFolder folder = new();
        foreach (string file in (string[])["main.cf", "master.cf"])
            folder.WriteAged(file, RepositoryFile.Read($"{Corpus}/{name}/{file}"));
        return folder;
    }

    private static bool IsWarning(string line) => line.Contains(": warning: ", StringComparison.Ordinal);

    private static string Squeeze(string line) => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"unused parameter: (?<name>[^=\s]+)=", RegexOptions.ExplicitCapture)]
    private static partial Regex Unused();

    [GeneratedRegex(@"overriding earlier entry: (?<name>[^=\s]+)=", RegexOptions.ExplicitCapture)]
    private static partial Regex Overriding();
}
