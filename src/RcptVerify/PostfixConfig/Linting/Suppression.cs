using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>A comment that takes findings away: <c># rcptverify: disable=RV-PRO-003 reason="old printers"</c>.</summary>
/// <param name="Rules">The ids.</param>
/// <param name="Reason">Why.</param>
/// <param name="Position">Where the comment stands.</param>
/// <param name="FirstLine">The first physical line it holds for; 0 for the whole configuration, places or none.</param>
/// <param name="LastLine">The last one.</param>
internal sealed record Suppression(IReadOnlyList<string> Rules, string Reason, SourcePosition Position, int FirstLine, int LastLine)
{
    /// <summary>Whether it holds everywhere: <c>disable-file</c>.</summary>
    public bool IsGlobal => FirstLine == 0;

    /// <summary>Whether it takes a finding away.</summary>
    public bool Covers(Finding finding) => Rules.Contains(finding.Rule)
        && (IsGlobal || (finding.Position is { } position && ReferenceEquals(position.File, Position.File)
            && position.Line >= FirstLine && position.Line <= LastLine));
}
