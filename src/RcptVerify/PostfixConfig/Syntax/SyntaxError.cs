namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A line whose form Postfix does not take.</summary>
/// <param name="Kind">What.</param>
/// <param name="Position">Where.</param>
/// <param name="Detail">The text it is about.</param>
internal sealed record SyntaxError(SyntaxErrorKind Kind, SourcePosition Position, string Detail);
