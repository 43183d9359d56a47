namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>An <c>-o name=value</c> of a service.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">Its value, not expanded.</param>
/// <param name="Braces">Whether it was <c>-o { name = value }</c>, which needs Postfix 3.0.</param>
/// <param name="Line">The logical line it stands in.</param>
/// <param name="NameOffset">Where its name begins there.</param>
/// <param name="ValueOffset">Where its value begins there.</param>
internal sealed record ServiceOverride(string Name, string Value, bool Braces, LogicalLine Line, int NameOffset, int ValueOffset)
{
    /// <summary>Where the name stands.</summary>
    public SourcePosition Position => Line.PositionAt(NameOffset);

    /// <summary>Where a character of <see cref="Value"/> stands.</summary>
    public SourcePosition ValuePositionAt(int offset) => Line.PositionAt(ValueOffset + offset);
}
