using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Fixes;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>Makes the repairs of a rule.</summary>
internal static class LintRepairs
{
    /// <summary>The text of main.cf, or of master.cf, with every edit of a rule made; what the rule edited it must not find again.</summary>
    public static string Repaired<TRule>(this Lint lint, bool isMaster = false)
        where TRule : PostfixRule, new()
    {
        Finding[] found = [.. lint.Check<TRule>().Where(finding => finding.Edits.Count > 0)];
        Assert.NotEmpty(found);
        // "with" would copy what was parsed already.
        Lint repaired = new()
        {
            Main = Apply(lint.Main, found, "main.cf"),
            Master = lint.Master is null ? null : Apply(lint.Master, found, "master.cf"),
            Postfix = lint.Postfix,
            OpenSsl = lint.OpenSsl,
            Platform = lint.Platform,
            Role = lint.Role,
            Profile = lint.Profile,
            Files = lint.Files,
        };
        Assert.DoesNotContain(repaired.Check<TRule>(), again => found.Any(before => before.Parameter == again.Parameter && before.Services.SequenceEqual(again.Services)));
        return isMaster ? repaired.Master! : repaired.Main;
    }

    private static string Apply(string text, IEnumerable<Finding> found, string file)
    {
        foreach (TextEdit edit in found.SelectMany(finding => finding.Edits).Where(edit => edit.File.Name == file).OrderByDescending(edit => edit.Start))
            text = string.Concat(text.AsSpan(0, edit.Start), edit.Replacement, text.AsSpan(edit.End));
        return text;
    }
}
