using System.Runtime.CompilerServices;

namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A text that was read, under the name that findings print. Knows where its lines begin.</summary>
/// <param name="Name">What messages and json name it by: <c>main.cf</c>, a path as the user gave it, <c>-</c> for standard input.</param>
/// <param name="Text">The whole text.</param>
internal sealed record SourceFile(string Name, string Text)
{
    private int[]? _starts;

    /// <summary>The path on disk; null when it came from elsewhere. Only fixes and file checks need it.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// What reports print before a line number: the path from where the program was started, as the user gave it, so that an editor
    /// or a build server finds the file. <see cref="Name"/> where there is no path.
    /// </summary>
    public string Label { get => field ?? Name; init; }

    /// <summary>Where each physical line begins.</summary>
    public IReadOnlyList<int> LineStarts => _starts ??= Starts(Text);

    /// <summary>A physical line without its end, empty when there is none.</summary>
    /// <param name="line">From 1.</param>
    public string Line(int line) => LineSpan(line).ToString();

    /// <summary>A physical line without its end, empty when there is none; found at once, however long it is.</summary>
    /// <param name="line">From 1.</param>
    public ReadOnlySpan<char> LineSpan(int line)
    {
        IReadOnlyList<int> starts = LineStarts;
        if (line < 1 || line > starts.Count)
            return "";
        ReadOnlySpan<char> span = Text.AsSpan(starts[line - 1]..(line < starts.Count ? starts[line] : Text.Length));
        return (span.EndsWith("\n") ? span[..^1] : span).TrimEnd('\r');
    }

    /// <summary>Where a character of the text stands.</summary>
    public SourcePosition PositionAt(int offset)
    {
        int line = Array.BinarySearch(_starts ??= Starts(Text), offset);
        line = line >= 0 ? line : ~line - 1;
        return new SourcePosition(this, line + 1, offset - _starts[line] + 1);
    }

    /// <summary>A file is itself only: it is part of many keys, and comparing texts would take their length each time.</summary>
    public bool Equals(SourceFile? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    private static int[] Starts(string text)
    {
        List<int> starts = [0];
        for (int at = text.IndexOf('\n'); at >= 0 && at + 1 < text.Length; at = text.IndexOf('\n', at + 1))
            starts.Add(at + 1);
        return [.. starts];
    }
}
