using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>A piece of main.cf or master.cf that a page of <c>config/postfix</c> tells its readers to take.</summary>
/// <param name="Name">The page, and which of its pieces.</param>
/// <param name="File">What it is a piece of: <c>main.cf</c> or <c>master.cf</c>.</param>
/// <param name="Text">The piece.</param>
public sealed partial record PageSnippet(string Name, string File, string Text)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PageSnippet> All { get; } = [.. Directory.GetFiles(RepositoryFile.PathOf("config/postfix"), "*.md").Order().SelectMany(ReadPage)];

    /// <summary>The parameters that a piece of main.cf sets: a line that begins with white space goes on with the one before (postconf(5)).</summary>
    public IReadOnlyDictionary<string, string> Parameters => Regex.Replace(Text, @"\n[ \t]+", " ").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0].Trim(), pair => Plain(pair[1]));

    /// <summary>The settings of a piece of master.cf, as <c>postconf -P</c> names them: <c>submission/inet/smtpd_milters</c>.</summary>
    public IReadOnlyDictionary<string, string> Overrides => (
        from entry in Regex.Replace(Text, @"\n[ \t]+", " ").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let words = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        from setting in words.Skip(8).Where(word => word != "-o")
        let pair = setting.Split('=', 2)
        select (Name: $"{words[0]}/{words[1]}/{pair[0]}", Value: pair[1])).ToDictionary(setting => setting.Name, setting => setting.Value);

    /// <summary>A value with single blanks.</summary>
    public static string Plain(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Code on a page that names no language, or says what it is: so that none is left out by a slip.</summary>
    public static IEnumerable<string> LanguagesOf(string page) => Fences().Matches(System.IO.File.ReadAllText(page)).Select(fence => fence.Groups["language"].Value);

    private static IEnumerable<PageSnippet> ReadPage(string page) =>
        Fences().Matches(System.IO.File.ReadAllText(page))
            .Where(fence => fence.Groups["language"].Value.EndsWith(".cf", StringComparison.Ordinal))
            .Select((fence, i) => new PageSnippet($"{Path.GetFileName(page)} {i + 1}", fence.Groups["language"].Value, fence.Groups["text"].Value));

    [GeneratedRegex(@"^```(?<language>[^\n`]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
