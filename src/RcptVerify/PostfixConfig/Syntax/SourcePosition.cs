namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A place in a text.</summary>
/// <param name="File">The text.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
internal readonly record struct SourcePosition(SourceFile File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File.Name}:{Line}";
}
