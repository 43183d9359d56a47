using System.Globalization;
using System.Text;
using RcptVerify.Configuration;

namespace RcptVerify.Tests.Configuration;

/// <summary>The documents that are written from the table of keys: the commented default file, the reference, the approved schema.</summary>
internal static class ConfigurationDocuments
{
    private const int Width = 100;

    public static string DefaultFile()
    {
        var file = new StringBuilder();
        Comment(file, "RcptVerify's configuration. Every key is here with its default; take the # away to change one. README.md beside this file tells more.");
        Comment(file, "Durations are Postfix's: 30s 5m 3h 7d 1w. Check the file with: rcptverify check-config -c FILE");
        foreach ((string section, string doc) in SectionNames.All)
        {
            bool isRoute = section == SectionNames.Route;
            file.AppendLine();
            Comment(file, doc);
            file.AppendLine(isRoute ? "#[[route]]" : $"[{section}]");
            foreach (Key key in Keys.All.Where(key => key.Section == section))
            {
                Comment(file, Meaning(key));
                file.AppendLine(CultureInfo.InvariantCulture, $"#{key.Name} = {Example(key)}");
            }
        }
        return file.ToString();
    }

    /// <summary>The default file with every key set: comments that look like settings are settings.</summary>
    public static string Uncommented(string file) =>
        string.Join('\n', file.Split('\n').Select(line => line.StartsWith('#') && line.Length > 1 && line[1] != ' ' ? line[1..] : line));

    public static string Reference()
    {
        var page = new StringBuilder();
        foreach ((string section, string doc) in SectionNames.All)
        {
            page.AppendLine(section == SectionNames.Route ? "### `[[route]]`" : $"### `[{section}]`").AppendLine().AppendLine(doc).AppendLine();
            page.AppendLine("| key | value | default | meaning |").AppendLine("|---|---|---|---|");
            foreach (Key key in Keys.All.Where(key => key.Section == section))
                page.AppendLine(CultureInfo.InvariantCulture, $"| `{key.Name}` | {Cell(Capital(key.TypeDescription))} | {Default(key)} | {Cell(Meaning(key))} |");
            page.AppendLine();
        }
        return page.ToString();
    }

    public static string Schema()
    {
        var schema = new StringBuilder();
        foreach (Key key in Keys.All)
        {
            schema.AppendLine(key.ToString());
            schema.AppendLine(CultureInfo.InvariantCulture, $"  value: {key.TypeDescription}");
            schema.AppendLine(CultureInfo.InvariantCulture, $"  default: {key.DefaultToml}");
            schema.AppendLine(CultureInfo.InvariantCulture, $"  routes too: {(key.InRoute ? "yes" : "no")}");
            schema.AppendLine(CultureInfo.InvariantCulture, $"  environment: {key.EnvironmentName}");
            schema.AppendLine(CultureInfo.InvariantCulture, $"  since: {key.Since}");
        }
        return schema.ToString();
    }

    // The two keys without which a route is none need something in their place.
    private static string Example(Key key) => key switch
    {
        _ when key == Keys.Routes.Domains => "[\"example.com\", \".example.com\"]",
        _ when key == Keys.Routes.Servers => "[\"ex1.corp.example:25\", \"ex2.corp.example:25\"]",
        _ => key.DefaultToml,
    };

    private static string Default(Key key) => key == Keys.Routes.Domains || key == Keys.Routes.Servers ? "" : $"`{key.DefaultToml}`";

    private static string Meaning(Key key)
    {
        IEnumerable<string> limits = NotYetAvailable.All.Where(refusal => refusal.Key == key).Select(refusal => $"({Capital(refusal.Message)}.)");
        return string.Join(' ', [key.Doc, .. key.InRoute ? ["Routes too."] : Array.Empty<string>(), .. limits]);
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static void Comment(StringBuilder file, string text)
    {
        var line = new StringBuilder("#");
        foreach (string word in text.Split(' '))
        {
            if (line.Length + word.Length >= Width)
            {
                file.AppendLine(line.ToString());
                line.Clear().Append('#');
            }
            line.Append(' ').Append(word);
        }
        file.AppendLine(line.ToString());
    }
}
