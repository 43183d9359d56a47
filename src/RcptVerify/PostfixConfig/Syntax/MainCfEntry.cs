namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>One <c>name = value</c> of main.cf.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">Its value, joined and trimmed, not expanded.</param>
/// <param name="Line">The logical line it is.</param>
/// <param name="ValueOffset">Where the value begins in the logical line.</param>
/// <param name="Number">Which of the definitions it is, from 0.</param>
internal sealed record MainCfEntry(string Name, string Value, LogicalLine Line, int ValueOffset, int Number)
{
    /// <summary>Where the name stands.</summary>
    public SourcePosition Position => Line.PositionAt(0);

    /// <summary>Where a character of <see cref="Value"/> stands.</summary>
    public SourcePosition ValuePositionAt(int offset) => Line.PositionAt(ValueOffset + offset);
}
