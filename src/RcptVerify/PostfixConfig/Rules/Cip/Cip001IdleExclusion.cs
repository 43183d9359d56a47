using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>Excluded words that remove nothing from any list they are applied to.</summary>
internal sealed class Cip001IdleExclusion : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        Exclusions exclusions = new(context);
        foreach (ExclusionUse use in ExclusionUse.In(context).Where(use => !use.IsTooLong))
        {
            string[] words = [.. use.Words.Select(word => word.Text).Distinct(StringComparer.Ordinal)];
            if (words.Any(ExclusionUse.IsSigned))
                continue;
            string[] idle = [.. words.Where(word => use.Uses.All(where => exclusions.IsIdle(where.Ciphers, word)))];
            if (idle.Length == 0)
                continue;
            string message = $"{Quoted.Words(idle)} {(idle.Length == 1 ? "removes" : "remove")} nothing: no suite of that name is left to exclude";
            (int, int)? word = idle.Length == 1 ? (use.Words.First(word => word.Text == idle[0]).Offset, idle[0].Length) : null;
            string[] rest = [.. words.Except(idle)];
            yield return Of(Severity.Notice, message, use.Value, use.Service, word) with
            {
                Services = use.Services,
                Fix = rest.Length == 0 ? "delete the line" : $"{use.Value.Name} = {string.Join(", ", rest)}",
                Edits = EditsOf(context, use, rest),
            };
        }
    }

    private static IReadOnlyList<TextEdit> EditsOf(RuleContext context, ExclusionUse use, string[] rest)
    {
        if (use.Value.Raw != use.Value.Text || context.WrittenAs(use.Value) is not WrittenValue written)
            return [];
        string separator = !use.Value.Raw.Any(char.IsWhiteSpace) ? "," : use.Value.Raw.Contains(',', StringComparison.Ordinal) ? ", " : " ";
        return rest.Length == 0 ? SafeEdits.Delete(context, written, emptyIsDefault: true)
            : context.IsTaken(written.Name) ? []
            : Edits.SetValue(written, string.Join(separator, rest));
    }
}
