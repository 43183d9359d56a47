using System.Globalization;
using System.Text;
using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.Cli;

/// <summary>Renders a rule's page for a terminal.</summary>
/// <remarks>Code is never broken: it is there to be copied.</remarks>
internal sealed class RulePageText(TerminalStyle style)
{
    private const string Indent = "  ";
    private const string CodeIndent = "      ";
    private const string Bullet = "- ";
    private const string SeedSection = "The seed's advice";
    private const string SeedHint = " (older advice that is widely copied: rcptverify rules --seed)";

    /// <summary>The page as text that ends with a line feed.</summary>
    public string Render(RulePage page)
    {
        StringBuilder text = new();
        text.Append(style.Heading($"{page.Id}: {page.Title}")).Append('\n');
        WrappedText.Append(text, Summary(page), "", "", style.Width);
        foreach (PageSection section in page.Sections)
        {
            text.Append('\n').Append(style.Heading(section.Title + (section.Title == SeedSection ? SeedHint : ""))).Append('\n');
            AppendBody(text, section.Text);
        }
        return text.ToString();
    }

    private static string Summary(RulePage page)
    {
        List<string> parts =
        [
            string.Join('/', page.Severities),
            page.Roles is ["all"] ? "every role" : string.Join(", ", page.Roles),
            Versions(page),
            page.FixIsSafe ? "fix: safe, --fix makes it" : "fix: by hand",
        ];
        if (page.SecuritySeverity > 0)
            parts.Add("security severity " + page.SecuritySeverity.ToString("0.0", CultureInfo.InvariantCulture));
        parts.AddRange(page.Cwe);
        parts.AddRange(page.Cve);
        return string.Join(" · ", parts);
    }

    private static string Versions(RulePage page) => (page.Since, page.Until) switch
    {
        ("", "") => "every Postfix",
        (_, "") => $"Postfix {page.Since} and later",
        ("", _) => $"Postfix up to {page.Until}",
        _ => $"Postfix {page.Since} to {page.Until}",
    };

    private void AppendBody(StringBuilder text, string body)
    {
        List<string> paragraph = [];
        bool inCode = false;
        foreach (string line in body.Split('\n'))
        {
            if (line.StartsWith(PageExamples.Fence, StringComparison.Ordinal))
            {
                AppendParagraph(text, paragraph);
                if (!inCode && CodeTitle(line[PageExamples.Fence.Length..]) is { Length: > 0 } title)
                    text.Append(Indent).Append(Indent).Append(title).Append(":\n");
                inCode = !inCode;
            }
            else if (inCode)
            {
                text.Append(line.Length == 0 ? "" : CodeIndent).Append(line).Append('\n');
            }
            else
            {
                if (line.Length == 0 || line.StartsWith(Bullet, StringComparison.Ordinal))
                    AppendParagraph(text, paragraph);
                if (line.Length == 0)
                    text.Append('\n');
                else
                    paragraph.Add(line);
            }
        }
        AppendParagraph(text, paragraph);
    }

    private void AppendParagraph(StringBuilder text, List<string> lines)
    {
        if (lines.Count == 0)
            return;
        string words = string.Join(' ', lines);
        bool isItem = words.StartsWith(Bullet, StringComparison.Ordinal);
        WrappedText.Append(text, words, Indent, isItem ? Indent + Indent : Indent, style.Width);
        lines.Clear();
    }

    // "main.cf bad postfix=3.5 severity=error" is "main.cf (postfix 3.5, severity error)": that it is bad says the heading.
    private static string CodeTitle(string info)
    {
        string[] words = info.Split(' ');
        return words is [string file, "bad" or "good", .. string[] settings]
            ? settings.Length == 0 ? file : $"{file} ({string.Join(", ", settings.Select(setting => setting.Replace('=', ' ')))})"
            : "";
    }
}
