using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>A Dockerfile's instructions in order: no comments, continued lines joined, defaults of ARG put in.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Name, string Arguments)> instructions) => Instructions = instructions;

    /// <summary>Name in capitals, and what stands behind it.</summary>
    public IReadOnlyList<(string Name, string Arguments)> Instructions { get; }

    /// <summary>The arguments of all instructions of a name.</summary>
    public IEnumerable<string> All(string name) => Instructions.Where(i => i.Name == name).Select(i => i.Arguments);

    /// <summary>Reads one.</summary>
    /// <param name="path">Relative to the repository's root.</param>
    public static Dockerfile Load(string path)
    {
        string text = Comment().Replace(RepositoryFile.Read(path), "").Replace("\\\n", " ", StringComparison.Ordinal);
        List<(string, string)> instructions = [];
        Dictionary<string, string> defaults = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            string arguments = Variable().Replace(parts[1], match => defaults.GetValueOrDefault(match.Groups[1].Value, match.Value));
            if (parts[0] == "ARG" && arguments.Split('=', 2) is [var name, var value])
                defaults[name] = value;
            instructions.Add((parts[0], arguments));
        }

        return new(instructions);
    }

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Variable();
}
