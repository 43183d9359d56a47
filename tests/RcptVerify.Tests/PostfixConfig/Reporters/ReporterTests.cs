using System.Text.Json;
using System.Xml.Linq;
using Json.Schema;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Reporters;

public sealed class ReporterTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromFile(RepositoryFile.PathOf("tests/RcptVerify.Tests/PostfixConfig/Reporters/sarif-2.1.0.schema.json"));

    private static readonly SourceFile Main = new("main.cf", "# rcptverify: disable=RV-PRO-001 reason=\"a\u202eb\"\nsmtpd_tls_protocols = \tTLSv1.2\u001b[31m, <x>, 50%\n");

    [Fact]
    public void Text_underlines_the_word_and_names_effect_and_fix()
    {
        string[] lines = Print("text").Split('\n');
        Assert.Equal("main.cf:2:25: error: \"TLSv1.2\uFFFD\" is wrong, 50% & <x>: 1 [RV-PRO-001]", lines[0]);
        Assert.Equal("  2 | smtpd_tls_protocols =  TLSv1.2\uFFFD[31m, <x>, 50%", lines[1]);
        Assert.Equal("    |                         ^^^^^^^".Replace("    |  ", "    |  ", StringComparison.Ordinal), "    | " + lines[2][6..]);
        Assert.Equal(["    service: 25/inet, 587/inet", "    effective: TLS off", "    fix: smtpd_tls_protocols = >=TLSv1.2"], lines[3..6]);
        Assert.Contains("1 error, 1 notice, 1 suppressed, 1 known to the baseline (Postfix 3.11, compatibility_level 0, OpenSSL 3.0, rfc9325)", lines);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("sarif")]
    [InlineData("checkstyle")]
    [InlineData("github")]
    public void Nothing_of_a_file_reaches_a_terminal_unescaped(string format) =>
        Assert.DoesNotContain(Print(format), letter => letter is '\u001b' or '\u202e' or '\r');

    [Fact]
    public void Json_has_what_the_interface_names()
    {
        using JsonDocument document = JsonDocument.Parse(Print("json"));
        JsonElement root = document.RootElement;
        Assert.Equal(["tool", "target", "findings", "suppressed", "summary"], root.EnumerateObject().Select(property => property.Name));
        JsonElement finding = root.GetProperty("findings")[0];
        Assert.Equal(
            ["RV-PRO-001", "error", "25/inet, 587/inet", "smtpd_tls_protocols", "main.cf", "2", "TLS off", "smtpd_tls_protocols = >=TLSv1.2"],
            new[] { "rule", "severity", "service", "parameter", "file", "line", "effective", "fix" }.Select(name => finding.GetProperty(name).ToString()));
        Assert.NotEmpty(finding.GetProperty("references").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("findings")[1].GetProperty("line").ValueKind);
        Assert.Equal("a\uFFFDb", root.GetProperty("suppressed")[0].GetProperty("reason").GetString());
        Assert.Equal((1, 0, 1), (Summary("error"), Summary("warning"), Summary("notice")));

        int Summary(string name) => root.GetProperty("summary").GetProperty(name).GetInt32();
    }

    [Fact]
    public void Sarif_keeps_to_the_schema_and_marks_what_is_suppressed()
    {
        using JsonDocument document = JsonDocument.Parse(Print("sarif"));
        EvaluationResults results = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(results.IsValid, string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}")));
        JsonElement[] found = [.. document.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()];
        Assert.Equal(["error", "note", "warning", "warning"], found.Select(result => result.GetProperty("level").GetString()));
        Assert.Equal(["inSource", "external"], found[2..].Select(result => result.GetProperty("suppressions")[0].GetProperty("kind").GetString()));
        Assert.All(found[..2], result => Assert.False(result.TryGetProperty("suppressions", out _)));
    }

    [Fact]
    public void The_schema_of_the_tests_refuses_what_is_no_sarif()
    {
        string sarif = Print("sarif");
        foreach ((string right, string wrong) in new[] { ("\"2.1.0\"", "\"2.0.0\""), ("\"level\": \"note\"", "\"level\": \"notice\""), ("\"startLine\": 2", "\"startLine\": 0"), ("\"ruleId\"", "\"ruleID\"") })
        {
            using JsonDocument document = JsonDocument.Parse(sarif.Replace(right, wrong, StringComparison.Ordinal));
            Assert.False(Schema.Evaluate(document.RootElement).IsValid, wrong);
        }
    }

    [Fact]
    public void Checkstyle_is_well_formed()
    {
        XElement[] errors = [.. XDocument.Parse(Print("checkstyle")).Root!.Element("file")!.Elements("error")];
        Assert.Equal(["error 2 25 RV-PRO-001", "info 1 1 RV-OPP-001"], errors.Select(error => $"{error.Attribute("severity")!.Value} {error.Attribute("line")!.Value} {error.Attribute("column")!.Value} {error.Attribute("source")!.Value}"));
    }

    [Fact]
    public void Github_commands_are_escaped() => Assert.Equal(
        "::error file=main.cf,line=2,col=25,title=RV-PRO-001::\"TLSv1.2\uFFFD\" is wrong, 50%25 & <x>: 1. Fix: smtpd_tls_protocols = >=TLSv1.2",
        Print("github").Split('\n')[0]);

    [Theory]
    [InlineData("text", "etc/post fix/main.cf:2:25: error")]
    [InlineData("github", "file=etc/post fix/main.cf,line=2")]
    [InlineData("checkstyle", "name=\"etc/post fix/main.cf\"")]
    [InlineData("sarif", "\"uri\": \"etc/post%20fix/main.cf\"")]
    [InlineData("json", "\"file\": \"main.cf\"")]
    public void Files_are_where_the_user_said(string format, string expected) =>
        Assert.Contains(expected, Print(format, Main with { Label = "etc/post fix/main.cf" }), StringComparison.Ordinal);

    [Fact]
    public void Sarif_names_an_absolute_path_as_a_file_address() =>
        Assert.Contains("\"uri\": \"file:///etc/postfix/main.cf\"", Print("sarif", Main with { Label = "/etc/postfix/main.cf" }), StringComparison.Ordinal);

    [Fact]
    public void Fingerprints_do_not_depend_on_where_the_file_is() =>
        Assert.Equal(Fingerprints(Main), Fingerprints(Main with { Label = "etc/postfix/main.cf" }));

    private static string[] Fingerprints(SourceFile file)
    {
        using JsonDocument document = JsonDocument.Parse(Print("json", file));
        return [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("fingerprint").GetString()!)];
    }

    private static string Print(string format) => Print(format, Main);

    private static string Print(string format, SourceFile file)
    {
        Finding error = new()
        {
            Rule = "RV-PRO-001",
            Severity = Severity.Error,
            Message = "\"TLSv1.2\u001b\" is wrong, 50% & <x>: 1",
            Services = ["25/inet", "587/inet"],
            Parameter = "smtpd_tls_protocols",
            Position = new SourcePosition(file, 2, 25),
            Length = 7,
            Effective = "TLS off",
            Fix = "smtpd_tls_protocols = >=TLSv1.2",
        };
        Lint lint = new();
        LintReport report = new()
        {
            Configuration = PostfixConfiguration.Of(file, null, null),
            Range = lint.Range,
            Profile = lint.Options.Profile,
            Role = null,
            Findings = [error, new Finding { Rule = "RV-OPP-001", Severity = Severity.Notice, Message = "nowhere" }],
            Suppressed = [(error with { Severity = Severity.Warning }, "a\u202eb")],
            Known = [error with { Severity = Severity.Warning, Position = null }],
        };
        using StringWriter output = new() { NewLine = "\n" };
        RcptVerify.PostfixConfig.Reporters.Formats.Find(format, hasColour: false, "1.2.3")!.Write(report, output);
        return output.ToString();
    }
}
