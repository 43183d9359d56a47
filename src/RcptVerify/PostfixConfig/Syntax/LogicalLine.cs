namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>
/// One logical line as readlline(3) of Postfix joins it: continuation lines keep their white space, comments and empty lines between
/// them are gone.
/// </summary>
/// <param name="File">Where it stands.</param>
/// <param name="Text">The joined text, without line ends.</param>
/// <param name="Pieces">Its physical lines in order.</param>
/// <param name="Start">Offset in the file of its first character.</param>
/// <param name="End">Offset in the file after the line end of its last physical line.</param>
internal sealed record LogicalLine(SourceFile File, string Text, IReadOnlyList<LinePiece> Pieces, int Start, int End)
{
    /// <summary>The physical line it begins on.</summary>
    public int FirstLine => Pieces[0].Line;

    /// <summary>The physical line it ends on.</summary>
    public int LastLine => Pieces[^1].Line;

    /// <summary>Where a character of <see cref="Text"/> stands in the file.</summary>
    /// <param name="offset">In <see cref="Text"/>; beyond its end counts as its end.</param>
    public SourcePosition PositionAt(int offset)
    {
        int low = 0;
        int high = Pieces.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Pieces[middle].Offset <= offset)
                low = middle;
            else
                high = middle - 1;
        }

        return new SourcePosition(File, Pieces[low].Line, Math.Max(0, offset - Pieces[low].Offset) + 1);
    }
}
