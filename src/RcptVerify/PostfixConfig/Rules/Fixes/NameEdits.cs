using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>Edits of parameters' names.</summary>
internal static class NameEdits
{
    /// <summary>Puts another name in the place of a written one; the value stays as it is.</summary>
    public static IReadOnlyList<TextEdit> Rename(WrittenValue written, string name)
    {
        SourcePosition position = written.Position;
        int start = position.File.LineStarts[position.Line - 1] + position.Column - 1;
        int end = start + written.Name.Length;
        return end <= position.File.Text.Length && position.File.Text.AsSpan(start, written.Name.Length).SequenceEqual(written.Name)
            ? [new TextEdit(position.File, start, end, name)]
            : [];
    }
}
