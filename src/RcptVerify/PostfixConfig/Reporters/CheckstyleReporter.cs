using System.Xml;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>The XML that Checkstyle prints and most build servers read.</summary>
/// <param name="version">The program's version.</param>
internal sealed class CheckstyleReporter(string version) : IReporter
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };

    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output)
    {
        output.WriteLine("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        using (XmlWriter xml = XmlWriter.Create(output, Settings))
        {
            xml.WriteStartElement("checkstyle");
            xml.WriteAttributeString("version", "rcptverify-" + version);
            foreach (IGrouping<string, Finding> file in report.Shown.GroupBy(finding => finding.Position?.File.Label ?? report.Configuration.Files[0].Label))
            {
                xml.WriteStartElement("file");
                xml.WriteAttributeString("name", Printable.Text(file.Key));
                foreach (Finding finding in file)
                    Write(xml, finding, report);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        output.WriteLine();
    }

    private static void Write(XmlWriter xml, Finding finding, LintReport report)
    {
        string versions = VersionText.Of(finding, report.Range);
        xml.WriteStartElement("error");
        xml.WriteStartAttribute("line");
        xml.WriteValue(finding.Position?.Line ?? 1);
        xml.WriteEndAttribute();
        xml.WriteStartAttribute("column");
        xml.WriteValue(finding.Position?.Column ?? 1);
        xml.WriteEndAttribute();
        xml.WriteAttributeString("severity", finding.Severity == Severity.Notice ? "info" : Severities.Text(finding.Severity));
        xml.WriteAttributeString("message", Printable.Clipped(finding.Message) + (versions.Length > 0 ? $" ({versions})" : ""));
        xml.WriteAttributeString("source", finding.Rule);
        xml.WriteEndElement();
    }
}
