using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>For people: the offending line, a caret, the effective value, the fix.</summary>
/// <param name="hasColour">Whether a terminal reads it.</param>
internal sealed class TextReporter(bool hasColour) : IReporter
{
    /// <summary>Of a longer line the part around the caret is shown, characters.</summary>
    private const int MaxLine = 120;

    /// <summary>What is shown before the caret in a longer line, characters.</summary>
    private const int Before = 40;

    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output)
    {
        foreach (Finding finding in report.Shown)
            Write(finding, report, output);
        output.WriteLine($"{Summary(report)} (Postfix {report.PostfixText}{Compatibility(report)}, OpenSSL {report.Range.Newest.OpenSslText}, {report.Profile.Id})");
        if (!report.Range.IsKnown)
            output.WriteLine("The release is not known: --postfix X.Y says it, and findings then hold for it alone.");
        if (report.Shown.Count > 0)
            output.WriteLine($"More about a rule: rcptverify explain {report.Shown[0].Rule}");
    }

    private void Write(Finding finding, LintReport report, TextWriter output)
    {
        string severity = Severities.Text(finding.Severity);
        string place = finding.Position is { } position ? $"{Printable.Text(position.File.Label)}:{position.Line}:{position.Column}" : Printable.Text(report.Configuration.Files[0].Label);
        output.WriteLine($"{Bold(place)}: {Coloured(severity + ":", finding.Severity)} {Printable.Clipped(finding.Message)} [{finding.Rule}]");
        if (finding.Position is { Line: > 0 } at)
            WriteLine(at, finding, output);
        string versions = VersionText.Of(finding, report.Range);
        WriteNote(output, "service", finding.ServiceText);
        WriteNote(output, "holds for", versions);
        WriteNote(output, "effective", finding.Effective);
        WriteNote(output, "fix", finding.Fix);
        output.WriteLine();
    }

    private void WriteLine(SourcePosition at, Finding finding, TextWriter output)
    {
        ReadOnlySpan<char> line = at.File.LineSpan(at.Line);
        int column = Math.Min(at.Column - 1, line.Length);
        int from = line.Length > MaxLine ? Math.Clamp(column - Before, 0, line.Length) : 0;
        bool isCut = line.Length - from > MaxLine;
        string shown = Printable.Text(line.Slice(from, isCut ? MaxLine : line.Length - from).ToString()) + (isCut ? "…" : "");
        string number = at.Line.ToString(System.Globalization.CultureInfo.InvariantCulture);
        output.WriteLine($"  {number} | {shown}");
        int length = Math.Clamp(finding.Length, 1, Math.Max(1, shown.Length - (column - from)));
        output.WriteLine($"  {new string(' ', number.Length)} | {new string(' ', column - from)}{Coloured(new string('^', length), finding.Severity)}");
    }

    /// <summary>The level by which Postfix keeps older defaults; it has one from 3.0 on.</summary>
    private static string Compatibility(LintReport report) => report.Range.Newest.Postfix.IsAtLeast(3, 0)
        ? $", compatibility_level {Printable.Clipped(report.Configuration.Main.Find("compatibility_level")?.Value ?? "0")}" : "";

    private static void WriteNote(TextWriter output, string name, string text)
    {
        if (text.Length > 0)
            output.WriteLine($"    {name}: {Printable.Clipped(text)}");
    }

    private string Summary(LintReport report)
    {
        List<string> parts = [];
        Add(report.Count(Severity.Error), "error");
        Add(report.Count(Severity.Warning), "warning");
        Add(report.Count(Severity.Notice), "notice");
        string text = parts.Count == 0 ? "no findings" : string.Join(", ", parts);
        int hidden = report.Findings.Count - report.Shown.Count;
        if (hidden > 0)
            text += $", {hidden} of them below --min-level";
        if (report.Suppressed.Count > 0)
            text += $", {report.Suppressed.Count} suppressed";
        if (report.Known.Count > 0)
            text += $", {report.Known.Count} known to the baseline";
        return Bold(text);

        void Add(int count, string name)
        {
            if (count > 0)
                parts.Add($"{count} {name}{(count == 1 ? "" : "s")}");
        }
    }

    private string Bold(string text) => hasColour ? $"\e[1m{text}\e[0m" : text;

    private string Coloured(string text, Severity severity) => hasColour
        ? $"\e[{(severity == Severity.Error ? "1;31" : severity == Severity.Warning ? "1;33" : "1;36")}m{text}\e[0m"
        : text;
}
