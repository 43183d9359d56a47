using System.Globalization;
using System.Text;
using System.Text.Json;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>SARIF 2.1.0 (OASIS), for code scanning. What comments and the baseline take away is there, as suppressed.</summary>
/// <param name="version">The program's version.</param>
internal sealed class SarifReporter(string version) : IReporter
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output)
    {
        RulePages pages = new();
        string[] rules =
        [
            .. report.Findings.Concat(report.Suppressed.Select(item => item.Finding)).Concat(report.Known)
                .Select(finding => finding.Rule).Distinct().Order(StringComparer.Ordinal),
        ];
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, rules, pages);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (Finding finding in report.Shown)
                Write(json, finding, rules, report, null);
            foreach ((Finding finding, string reason) in report.Suppressed)
                Write(json, finding, rules, report, ("inSource", reason));
            foreach (Finding finding in report.Known)
                Write(json, finding, rules, report, ("external", "in the baseline"));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private void WriteTool(Utf8JsonWriter json, string[] rules, RulePages pages)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "rcptverify");
        json.WriteString("version", version);
        json.WriteStartArray("rules");
        foreach (string rule in rules)
        {
            RulePage page = pages.Of(rule);
            json.WriteStartObject();
            json.WriteString("id", page.Id);
            json.WriteString("name", RuleCatalogue.TryGetName(rule, out string? name) ? name : rule);
            WriteText(json, "shortDescription", page.Title);
            WriteText(json, "fullDescription", page.Sections[0].Text.ReplaceLineEndings(" "));
            json.WriteStartObject("help");
            string help = string.Join("\n\n", page.Sections.Select(section => $"## {section.Title}\n\n{section.Text}"));
            json.WriteString("text", help);
            json.WriteString("markdown", help);
            json.WriteEndObject();
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", Level(Severities.Parse(page.Severities[0])!.Value));
            json.WriteEndObject();
            json.WriteStartObject("properties");
            if (page.SecuritySeverity > 0)
                json.WriteString("security-severity", page.SecuritySeverity.ToString("0.0", CultureInfo.InvariantCulture));
            json.WriteStartArray("tags");
            foreach (string tag in (string[])[.. page.SecuritySeverity > 0 ? ["security"] : Array.Empty<string>(), .. page.Cwe, .. page.Cve])
                json.WriteStringValue(tag);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Finding finding, string[] rules, LintReport report, (string Kind, string Reason)? suppression)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteNumber("ruleIndex", Array.IndexOf(rules, finding.Rule));
        json.WriteString("level", Level(finding.Severity));
        string versions = VersionText.Of(finding, report.Range);
        string text = finding.Message + (versions.Length > 0 ? $" ({versions})" : "") + (finding.Fix.Length > 0 ? $". Fix: {finding.Fix}" : "");
        WriteText(json, "message", Printable.Clipped(text));
        json.WriteStartArray("locations");
        WriteLocation(json, finding, report);
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("finding/v1", Fingerprint.Of(finding));
        json.WriteEndObject();
        if (suppression is { } taken)
        {
            json.WriteStartArray("suppressions");
            json.WriteStartObject();
            json.WriteString("kind", taken.Kind);
            json.WriteString("justification", Printable.Clipped(taken.Reason));
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, Finding finding, LintReport report)
    {
        SourceFile file = finding.Position?.File ?? report.Configuration.Files[0];
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri(file));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Position?.Line ?? 1);
        if (finding.Position is { } position)
        {
            json.WriteNumber("startColumn", position.Column);
            int end = Math.Min(file.LineSpan(position.Line).Length + 1, position.Column + Math.Max(1, finding.Length));
            if (end > position.Column)
                json.WriteNumber("endColumn", end);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        if (finding.Services.Count > 0)
        {
            json.WriteStartArray("logicalLocations");
            foreach (string service in finding.Services)
            {
                json.WriteStartObject();
                json.WriteString("name", Printable.Clipped(service));
                json.WriteString("kind", "service");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>Standard input has no address: it is called stdin.</summary>
    private static string Uri(SourceFile file) => file.Name == "-"
        ? "stdin"
        : (file.Label.StartsWith('/') ? "file://" : "") + string.Join('/', file.Label.Split('/').Select(System.Uri.EscapeDataString));

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Notice => "note",
        _ => "none",
    };
}
