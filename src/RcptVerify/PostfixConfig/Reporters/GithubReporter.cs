using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>Workflow commands of GitHub Actions, which become annotations.</summary>
internal sealed class GithubReporter : IReporter
{
    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output)
    {
        foreach (Finding finding in report.Shown)
        {
            string versions = VersionText.Of(finding, report.Range);
            string message = Printable.Clipped(finding.Message) + (versions.Length > 0 ? $" ({versions})" : "")
                + (finding.Fix.Length > 0 ? ". Fix: " + Printable.Clipped(finding.Fix) : "");
            string file = Printable.Text(finding.Position?.File.Label ?? report.Configuration.Files[0].Label);
            output.Write($"::{Severities.Text(finding.Severity)} file={Property(file)},line={finding.Position?.Line ?? 1}");
            if (finding.Position is { } position)
                output.Write($",col={position.Column}");
            output.WriteLine($",title={Property(finding.Rule)}::{Data(message)}");
        }
    }

    private static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
