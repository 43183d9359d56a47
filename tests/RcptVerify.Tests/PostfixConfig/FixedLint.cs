using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Fixes;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>Makes the edits a rule proposes.</summary>
internal static class FixedLint
{
    /// <summary>The configuration after a rule's edits, of which there must be some; the rule must find nothing there any more.</summary>
    public static Lint Fixed<TRule>(this Lint lint)
        where TRule : PostfixRule, new()
    {
        TextEdit[] edits = [.. lint.Check<TRule>().SelectMany(finding => finding.Edits)];
        Assert.NotEmpty(edits);
        Lint after = lint with { Main = Apply(lint.Main, "main.cf", edits), Master = lint.Master is null ? null : Apply(lint.Master, "master.cf", edits) };
        after.IsSilent<TRule>();
        return after;
    }

    private static string Apply(string text, string file, TextEdit[] edits)
    {
        foreach (TextEdit edit in edits.Where(edit => edit.File.Name == file).OrderByDescending(edit => edit.Start))
            text = string.Concat(text.AsSpan(0, edit.Start), edit.Replacement, text.AsSpan(edit.End));
        return text;
    }
}
