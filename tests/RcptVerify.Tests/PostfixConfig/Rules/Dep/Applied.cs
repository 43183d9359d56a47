using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dep;

/// <summary>Makes edits, as --fix does.</summary>
internal static class Applied
{
    public static string To(string text, IReadOnlyList<TextEdit> edits) =>
        edits.OrderByDescending(edit => edit.Start).Aggregate(text, (whole, edit) => whole[..edit.Start] + edit.Replacement + whole[edit.End..]);
}
