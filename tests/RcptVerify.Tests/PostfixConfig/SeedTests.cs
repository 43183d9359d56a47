using System.Globalization;
using System.Text;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.TestKit.Processes;
using RcptVerify.Tests.Configuration;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>
/// The seed document's own settings, section by section, through the validator. A comment above a line names the items of
/// <c>Data/seed.tsv</c> that judge it: what is kept must bring no more than a
/// notice unless the item names the rule, what is corrected, superseded or harmful must be
/// found by a rule that the item names. <c>RCPTVERIFY_APPROVE=1</c> writes the listings anew.
/// </summary>
public sealed class SeedTests
{
    private const string Folder = "tests/RcptVerify.Tests/PostfixConfig/Seed";
    private const string Mark = "# seed:";

    /// <summary>What a section does not say, as items: the validator must miss it all the same.</summary>
    private static readonly (string Section, int Item)[] Omissions = [("sample", 23), ("verification", 38)];

    public static TheoryData<string> Sections => [.. Directory.GetDirectories(RepositoryFile.PathOf(Folder)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Each_line_is_kept_corrected_or_superseded_as_the_table_says(string section)
    {
        (PostfixConfiguration configuration, IReadOnlyList<Finding> findings) = Check(section);
        StringBuilder listing = new();
        List<string> faults = [];
        foreach (SourceFile file in configuration.Files)
        {
            foreach (LogicalLine line in LogicalLines.Of(file))
            {
                Finding[] found = [.. findings.Where(finding => finding.Position is { } at && ReferenceEquals(at.File, file) && at.Line >= line.FirstLine && at.Line <= line.LastLine)];
                SeedItem[] items = [.. ItemsOf(file, line)];
                listing.Append(CultureInfo.InvariantCulture, $"{file.Name}:{line.FirstLine}: {string.Join(' ', line.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}\n");
                foreach (SeedItem item in items)
                {
                    listing.Append(CultureInfo.InvariantCulture, $"    {item.Verdict} ({item.Number}): {item.Reason}\n");
                    if (Fault(item, found) is string fault)
                        faults.Add($"{file.Name}:{line.FirstLine}, item {item.Number}: {fault}");
                }

                foreach (Finding finding in found)
                    listing.Append(CultureInfo.InvariantCulture, $"    {Severities.Text(finding.Severity)} {finding.Rule} {finding.Message}\n");
            }
        }

        foreach (Finding finding in findings.Where(finding => finding.Position is null))
            listing.Append(CultureInfo.InvariantCulture, $"{Severities.Text(finding.Severity)} {finding.Rule} {finding.Message}\n");
        Assert.True(faults.Count == 0, string.Join('\n', faults) + "\n\n" + listing);
        ApprovedText.Matches($"{Folder}/{section}/listing.txt", listing.ToString());
    }

    [Fact]
    public void What_the_document_leaves_out_is_missed()
    {
        foreach ((string section, int number) in Omissions)
        {
            SeedItem item = SeedTable.Read().Single(item => item.Number == number);
            Assert.Contains(Check(section).Findings, finding => item.Rules.Contains(finding.Rule));
        }
    }

    /// <summary>Items 1, 2, 10, 28, 31, 39 and 40 are about releases, commands, DNS and Exchange: no line of a configuration shows them.</summary>
    [Fact]
    public void Every_item_that_a_configuration_can_show_is_shown()
    {
        string[] sections = [.. Directory.GetDirectories(RepositoryFile.PathOf(Folder))];
        HashSet<int> shown = [.. Omissions.Select(omission => omission.Item)];
        foreach (string file in sections.SelectMany(section => Directory.GetFiles(section, "*.cf")))
        {
            foreach (string line in File.ReadLines(file).Where(line => line.StartsWith(Mark, StringComparison.Ordinal)))
                shown.UnionWith(line[Mark.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
        }

        Assert.Equal([1, 2, 10, 28, 31, 39, 40], SeedTable.Read().Select(item => item.Number).Where(number => !shown.Contains(number)));
    }

    [Fact]
    public void The_TLSA_record_of_the_document_is_superseded() =>
        Assert.Contains(Check("dane").Findings, finding => finding.Rule == "RV-DANE-004" && finding.Fix == "3 1 1");

    private static string? Fault(SeedItem item, Finding[] found)
    {
        if (item.Verdict == SeedVerdict.Kept)
            return found.FirstOrDefault(finding => finding.Severity > Severity.Notice && !item.Rules.Contains(finding.Rule)) is { } loud ? $"is kept, yet {loud.Rule} is a {Severities.Text(loud.Severity)}" : null;
        return found.Any(finding => item.Rules.Contains(finding.Rule)) ? null
            : $"none of {string.Join(", ", item.Rules)} finds it, only {string.Join(", ", found.Select(finding => finding.Rule))}";
    }

    private static IEnumerable<SeedItem> ItemsOf(SourceFile file, LogicalLine line)
    {
        string comment = file.Line(line.FirstLine - 1);
        if (!comment.StartsWith(Mark, StringComparison.Ordinal))
            return [];
        int[] numbers = [.. comment[Mark.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        return SeedTable.Read().Where(item => numbers.Contains(item.Number));
    }

    private static (PostfixConfiguration Configuration, IReadOnlyList<Finding> Findings) Check(string section)
    {
        string master = RepositoryFile.PathOf($"{Folder}/{section}/master.cf");
        string tlsa = RepositoryFile.PathOf($"{Folder}/{section}/tlsa");
        // The tables the verification section names are not there: it writes its entries to another one.
        FakeFiles? files = section == "verification" ? new FakeFiles().With("/etc/postfix/transport") : null;
        string options = RepositoryFile.PathOf($"{Folder}/{section}/options");
        Dictionary<string, string> said = (File.Exists(options) ? File.ReadAllText(options).Trim() : "postfix=3.11").Split(' ')
            .Select(word => word.Split('=')).ToDictionary(words => words[0], words => words[1]);
        Lint lint = new()
        {
            Postfix = said["postfix"],
            OpenSsl = said.GetValueOrDefault("openssl", "3.0"),
            Platform = said.GetValueOrDefault("platform"),
            Profile = said.GetValueOrDefault("profile", RcptVerify.PostfixConfig.Rules.Profiles.Profile.DefaultId),
            Main = RepositoryFile.Read($"{Folder}/{section}/main.cf"),
            Master = File.Exists(master) ? File.ReadAllText(master) : null,
            Tlsa = File.Exists(tlsa) ? File.ReadAllText(tlsa) : null,
            Files = files,
        };
        PostfixConfiguration configuration = lint.Configuration;
        LintReport report = LintRun.Check(configuration, lint.Range, lint.Options, new Dictionary<string, Severity>(), new HashSet<string>());
        return (configuration, report.Findings);
    }
}
