using System.Text;
using System.Text.Json;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>For programs, and for a later <c>--baseline</c>.</summary>
/// <param name="version">The program's version.</param>
internal sealed class JsonReporter(string version) : IReporter
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Indented))
        {
            RulePages pages = new();
            json.WriteStartObject();
            json.WriteString("tool", "rcptverify " + version);
            WriteTarget(json, report);
            json.WriteStartArray("findings");
            foreach (Finding finding in report.Shown)
                Write(json, finding, report, pages, reason: null);
            json.WriteEndArray();
            json.WriteStartArray("suppressed");
            foreach ((Finding finding, string reason) in report.Suppressed)
                Write(json, finding, report, pages, reason);
            json.WriteEndArray();
            json.WriteStartObject("summary");
            json.WriteNumber("error", report.Count(Severity.Error));
            json.WriteNumber("warning", report.Count(Severity.Warning));
            json.WriteNumber("notice", report.Count(Severity.Notice));
            json.WriteNumber("suppressed", report.Suppressed.Count);
            json.WriteNumber("baseline", report.Known.Count);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void WriteTarget(Utf8JsonWriter json, LintReport report)
    {
        json.WriteStartObject("target");
        json.WriteString("postfix", report.PostfixText);
        json.WriteBoolean("known", report.Range.IsKnown);
        json.WriteString("openssl", report.Range.Newest.OpenSsl.ToString());
        json.WriteString("platform", report.Range.Newest.Platform.Name);
        json.WriteString("profile", report.Profile.Id);
        json.WriteString("role", report.Role is ServiceRole role ? ServiceRoles.Text(role) : "guessed");
        json.WriteString("compatibilityLevel", Printable.Clipped(report.Configuration.Main.Find("compatibility_level")?.Value ?? "0"));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Finding finding, LintReport report, RulePages pages, string? reason)
    {
        json.WriteStartObject();
        json.WriteString("rule", finding.Rule);
        json.WriteString("severity", Severities.Text(finding.Severity));
        json.WriteString("service", Printable.Clipped(finding.ServiceText));
        json.WriteStartArray("services");
        foreach (string service in finding.Services)
            json.WriteStringValue(Printable.Clipped(service));
        json.WriteEndArray();
        json.WriteString("parameter", Printable.Clipped(finding.Parameter));
        json.WriteString("file", Printable.Text(finding.Position?.File.Name ?? report.Configuration.Files[0].Name));
        if (finding.Position is { } position)
        {
            json.WriteNumber("line", position.Line);
            json.WriteNumber("column", position.Column);
        }
        else
        {
            json.WriteNull("line");
            json.WriteNull("column");
        }

        json.WriteString("message", Printable.Clipped(finding.Message));
        json.WriteString("effective", Printable.Clipped(finding.Effective));
        json.WriteString("fix", Printable.Clipped(finding.Fix));
        json.WriteBoolean("fixIsSafe", finding.Edits.Count > 0);
        json.WriteStartArray("versions");
        foreach (Versions.PostfixVersion postfix in finding.Versions)
            json.WriteStringValue(postfix.ToString());
        json.WriteEndArray();
        json.WriteStartArray("references");
        foreach (string reference in pages.References(finding.Rule))
            json.WriteStringValue(reference);
        json.WriteEndArray();
        json.WriteString("fingerprint", Fingerprint.Of(finding));
        if (reason is not null)
            json.WriteString("reason", Printable.Clipped(reason));
        json.WriteEndObject();
    }
}
