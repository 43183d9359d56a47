namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>
/// One logical line as readlline(3) of Postfix joins it: continuation lines keep their white space, comments and empty lines between
/// them are gone.
/// </summary>
/// <param name="File">Where it stands.</param>
/// <param name="Text">The joined text, without line ends.</param>
/// <param name="FirstLine">The physical line it begins on.</param>
/// <param name="Pieces">Its physical lines in order, the first one too; null when there is no other, as with nearly all.</param>
/// <param name="Start">Offset in the file of its first character.</param>
/// <param name="End">Offset in the file after the line end of its last physical line.</param>
internal sealed record LogicalLine(SourceFile File, string Text, int FirstLine, IReadOnlyList<LinePiece>? Pieces, int Start, int End)
{
    /// <summary>How many physical lines it is made of, comments between them not counted.</summary>
    public int PieceCount => Pieces?.Count ?? 1;

    /// <summary>The physical line it ends on.</summary>
    public int LastLine => Pieces is null ? FirstLine : Pieces[^1].Line;

    /// <summary>Where a character of <see cref="Text"/> stands in the file.</summary>
    /// <param name="offset">In <see cref="Text"/>; beyond its end counts as its end.</param>
    public SourcePosition PositionAt(int offset)
    {
        if (Pieces is null)
            return new SourcePosition(File, FirstLine, Math.Max(0, offset) + 1);
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
