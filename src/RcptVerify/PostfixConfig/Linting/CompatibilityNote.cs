using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>Names compatibility_level in findings about defaults that depend on it: who raises it may be rid of them, COMPATIBILITY_README.</summary>
internal static class CompatibilityNote
{
    private const string Level = "compatibility_level";

    /// <summary>The finding, with the level behind what is in force if the level made it so.</summary>
    public static Finding On(Finding finding, RuleContext context)
    {
        if (finding.Parameter.Length == 0 || context.WrittenAs(finding.Parameter).Count > 0
            || PostfixDefaults.Of(finding.Parameter, context.Target)?.Contains(Level, StringComparison.Ordinal) != true)
            return finding;
        EffectiveValue level = context.Main[Level];
        string note = $"the default at {Level} {level.Text}{(level.IsSet ? "" : ", which is not set")}";
        return finding with { Because = note };
    }
}
