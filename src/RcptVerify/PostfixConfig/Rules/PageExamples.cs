using System.Diagnostics.CodeAnalysis;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Gathers the <see cref="PageExample"/>s of a page.</summary>
internal static class PageExamples
{
    /// <summary>What begins and ends a block of code.</summary>
    public const string Fence = "```";

    private static readonly string[] Files = ["main.cf", "master.cf", "tlsa"];

    /// <summary>Reads the fences of all sections. False: <paramref name="fault"/> names the line that is wrong.</summary>
    public static bool TryRead(IEnumerable<PageSection> sections, out List<PageExample> examples, [NotNullWhen(false)] out string? fault)
    {
        examples = [];
        fault = null;
        foreach (PageSection section in sections)
        {
            Dictionary<string, string>? files = null;
            string[] lines = section.Text.Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
                    continue;
                int end = Array.FindIndex(lines, i + 1, line => line == Fence);
                if (end < 0)
                {
                    fault = "no end: " + lines[i];
                    return false;
                }
                string[] info = lines[i][Fence.Length..].Split(' ');
                if (info is [string file, "bad" or "good", ..] && Files.Contains(file))
                {
                    if (!string.Equals(info[1], section.Title, StringComparison.OrdinalIgnoreCase) || !TrySettings(info[2..], out var settings))
                    {
                        fault = lines[i];
                        return false;
                    }
                    if (files is null || files.ContainsKey(file))
                        examples.Add(new PageExample(info[1] == "bad", settings, files = []));
                    files.Add(file, string.Join('\n', lines[(i + 1)..end]) + "\n");
                }
                i = end;
            }
        }
        return true;
    }

    private static bool TrySettings(string[] words, out Dictionary<string, string> settings)
    {
        settings = [];
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !settings.TryAdd(word[..equals], word[(equals + 1)..]))
                return false;
        }
        return true;
    }
}
