namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>One physical line of a logical one.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Offset">Where it begins in the joined text.</param>
internal sealed record LinePiece(int Line, int Offset);
