using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>
/// Makes edits that keep comments and layout. Where a comment or an empty line stands between the physical lines of one logical line,
/// no edit is made: it would have to guess what the comment is about. Every method then returns an empty list.
/// </summary>
internal static class Edits
{
    /// <summary>Replaces a value that somebody wrote.</summary>
    public static IReadOnlyList<TextEdit> SetValue(WrittenValue written, string value) => written.Entry is MainCfEntry entry
        ? Replace(entry.Line, entry.ValueOffset, entry.ValueOffset + entry.Value.Length, value)
        : IsPlain(written.Override!, value)
            ? Replace(written.Override!.Line, written.Override.ValueOffset, written.Override.ValueOffset + written.Override.Value.Length, value)
            : [];

    /// <summary>Replaces a part of a value that somebody wrote.</summary>
    /// <param name="written">The definition.</param>
    /// <param name="offset">Of the part, in <see cref="WrittenValue.Raw"/>.</param>
    /// <param name="length">Of the part.</param>
    /// <param name="replacement">What comes there.</param>
    public static IReadOnlyList<TextEdit> ReplaceWord(WrittenValue written, int offset, int length, string replacement) =>
        SetValue(written, string.Concat(written.Raw.AsSpan(0, offset), replacement, written.Raw.AsSpan(offset + length)));

    /// <summary>Deletes a definition: all lines of it in main.cf; the words of an <c>-o</c>, with its line where nothing else is on it.</summary>
    public static IReadOnlyList<TextEdit> Delete(WrittenValue written)
    {
        if (written.Entry is MainCfEntry entry)
            return IsContiguous(entry.Line) ? [new TextEdit(entry.Line.File, entry.Line.Start, entry.Line.End, "")] : [];
        ServiceOverride over = written.Override!;
        return over.Braces ? [] : DeleteOption(over);
    }

    private static IReadOnlyList<TextEdit> DeleteOption(ServiceOverride over)
    {
        LogicalLine line = over.Line;
        int end = over.ValueOffset + over.Value.Length;
        int start = line.Text.LastIndexOf("-o", over.NameOffset, StringComparison.Ordinal);
        if (start < 0 || !line.Text.AsSpan(start + 2, over.NameOffset - start - 2).IsWhiteSpace())
            return [];
        SourcePosition first = line.PositionAt(start);
        SourcePosition last = line.PositionAt(Math.Max(start, end - 1));
        if (first.Line != last.Line)
            return [];
        string physical = line.File.Line(first.Line);
        int before = first.Column - 1;
        int after = last.Column;
        int begins = line.File.LineStarts[first.Line - 1];
        bool alone = physical.AsSpan(0, before).IsWhiteSpace() && physical.AsSpan(after).IsWhiteSpace();
        if (alone)
        {
            int next = first.Line < line.File.LineStarts.Count ? line.File.LineStarts[first.Line] : line.File.Text.Length;
            return [new TextEdit(line.File, begins, next, "")];
        }

        while (before > 0 && physical[before - 1] is ' ' or '\t' && !physical.AsSpan(0, before).IsWhiteSpace())
            before--;
        return [new TextEdit(line.File, begins + before, begins + after, "")];
    }

    private static IReadOnlyList<TextEdit> Replace(LogicalLine line, int from, int to, string value)
    {
        if (!IsContiguous(line) || value.AsSpan().ContainsAny('\r', '\n'))
            return [];
        int start = OffsetOf(line, from);
        int end = to > from ? OffsetOf(line, to - 1) + 1 : start;
        return [new TextEdit(line.File, start, end, value)];
    }

    /// <summary>Whether a value can stand in an <c>-o</c> of that form.</summary>
    private static bool IsPlain(ServiceOverride over, string value) =>
        over.Braces ? !value.AsSpan().ContainsAny('{', '}') : !value.Any(char.IsWhiteSpace) && !value.Contains('{', StringComparison.Ordinal);

    private static int OffsetOf(LogicalLine line, int offset)
    {
        SourcePosition position = line.PositionAt(offset);
        return line.File.LineStarts[position.Line - 1] + position.Column - 1;
    }

    private static bool IsContiguous(LogicalLine line) => line.LastLine - line.FirstLine + 1 == line.PieceCount;
}
