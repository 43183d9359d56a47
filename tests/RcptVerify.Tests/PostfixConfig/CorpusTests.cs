using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Reporters;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.TestKit.Processes;
using RcptVerify.Tests.Configuration;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>
/// What real configurations get wrong, each reproduced in a few lines of ours, with everything the validator says of it. The names are
/// those of the projects where it was seen. <c>RCPTVERIFY_APPROVE=1</c> writes the expected findings anew.
/// </summary>
public sealed class CorpusTests
{
    public const string Folder = "tests/RcptVerify.Tests/PostfixConfig/Corpus";

    public static TheoryData<string> Names => [.. Directory.GetDirectories(RepositoryFile.PathOf(Folder)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_validator_says_what_was_approved(string name) =>
        ApprovedText.Matches($"{Folder}/{name}/findings.txt", string.Concat(Check(name).Findings.Select(Line)));

    [Theory]
    [InlineData("3.9")]
    [InlineData("3.10")]
    [InlineData("3.11")]
    [InlineData("3.12")]
    public void The_good_reference_has_no_finding(string postfix) =>
        Assert.Empty(Check("good-reference", postfix).Findings.Select(Line));

    [Theory]
    [InlineData("3.11")]
    [InlineData("3.12")]
    public void Postfix_s_own_main_cf_has_nothing_above_a_notice(string postfix) =>
        Assert.Empty(Check($"stock-{postfix}").Findings.Where(finding => finding.Severity > Severity.Notice).Select(Line));

    private static LintReport Check(string name, string? postfix = null)
    {
        Dictionary<string, string> options = RepositoryFile.Read($"{Folder}/{name}/options").Trim().Split(' ')
            .Select(word => word.Split('=')).ToDictionary(words => words[0], words => words[1]);
        Lint lint = new()
        {
            Main = RepositoryFile.Read($"{Folder}/{name}/main.cf"),
            Master = RepositoryFile.Read($"{Folder}/{name}/master.cf"),
            Postfix = postfix ?? options["postfix"],
            OpenSsl = options.GetValueOrDefault("openssl", "3.0"),
            Platform = options.GetValueOrDefault("platform"),
        };
        return LintRun.Check(lint.Configuration, lint.Range, lint.Options, new Dictionary<string, Severity>(), new HashSet<string>());
    }

    private static string Line(Finding finding) =>
        $"{finding.Position?.ToString() ?? "-"} {Severities.Text(finding.Severity)} {finding.Rule} [{finding.ServiceText}] {Printable.Clipped(finding.Message)}\n";
}
