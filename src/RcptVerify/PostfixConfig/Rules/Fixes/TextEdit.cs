using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Fixes;

/// <summary>A change of a file's text.</summary>
/// <param name="File">The file as it was read.</param>
/// <param name="Start">The first character to replace, from 0.</param>
/// <param name="End">The character after the last one to replace.</param>
/// <param name="Replacement">What comes there; empty to delete.</param>
internal sealed record TextEdit(SourceFile File, int Start, int End, string Replacement);
