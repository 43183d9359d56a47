namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A word of a value. A class: generic code over structs is not compiled ahead, and each start of the program would pay for it.</summary>
/// <param name="Text">The word.</param>
/// <param name="Offset">Where it begins in the value.</param>
internal sealed record Word(string Text, int Offset);
