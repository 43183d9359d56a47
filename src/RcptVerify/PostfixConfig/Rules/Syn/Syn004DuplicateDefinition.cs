using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>A definition that a later one of the same place overrides.</summary>
internal sealed class Syn004DuplicateDefinition : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (WrittenValue written in context.Definitions.Overridden)
            yield return Overridden(written, context.Definitions.InForce(written.Name)!);
        Dictionary<DefinitionKey, WrittenValue> last = [];
        foreach (WrittenValue option in context.Options)
            last[KeyOf(option)] = option;
        foreach (WrittenValue option in context.Options)
        {
            if (last[KeyOf(option)] is WrittenValue holds && !ReferenceEquals(holds, option))
                yield return Overridden(option, holds);
        }
    }

    private Finding Overridden(WrittenValue written, WrittenValue holds)
    {
        bool isEqual = holds.Raw == written.Raw;
        return Of(
            isEqual ? Severity.Notice : Severity.Warning,
            isEqual ? "the same is set again further down" : "another value is set further down, and that one counts",
            written) with
        {
            Effective = isEqual ? "" : $"{written.Name} = {Shown.Plain(holds.Raw)}",
            Fix = "delete it",
            Edits = Edits.Delete(written),
        };
    }

    private static DefinitionKey KeyOf(WrittenValue option) => new(option.Name, option.Service!.Service.CanonicalId);
}
