using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>A word of mynetworks that is wrong, or trusts too many.</summary>
/// <param name="Word">The word.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What it does.</param>
/// <param name="Fix">What to write instead; empty where the message says it.</param>
internal sealed record NetworkFault(Word Word, Severity Severity, string Message, string Fix);
