using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>A file of the repository with some of its text replaced. What is to be replaced must be there: the file has changed otherwise.</summary>
internal sealed class FileText
{
    private readonly string _path;
    private readonly string _text;

    private FileText(string path, string text) => (_path, _text) = (path, text);

    /// <summary>Reads the file.</summary>
    /// <param name="path">Relative to the repository's root.</param>
    public static FileText Of(string path) => new(path, RepositoryFile.Read(path));

    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public FileText Replace(string old, string with) => _text.Contains(old, StringComparison.Ordinal)
        ? new(_path, _text.Replace(old, with, StringComparison.Ordinal))
        : throw new InvalidOperationException($"{_path} has no {old}");

    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public FileText ReplaceAll(Regex old, MatchEvaluator with) => old.IsMatch(_text)
        ? new(_path, old.Replace(_text, with))
        : throw new InvalidOperationException($"{_path} has nothing like {old}");

    /// <summary>The text.</summary>
    public override string ToString() => _text;

    public static implicit operator string(FileText text) => text._text;
}
