using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Rules.Fixes;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>A definition that a later one of the same place overrides.</summary>
internal sealed class Syn004DuplicateDefinition : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        Dictionary<DefinitionKey, WrittenValue> last = [];
        WrittenValue[] several = [.. context.Definitions.Repeated, .. context.Options];
        foreach (WrittenValue written in several)
            last[new DefinitionKey(written.Name, Place(written))] = written;
        foreach (WrittenValue written in several)
        {
            WrittenValue holds = last[new DefinitionKey(written.Name, Place(written))];
            if (ReferenceEquals(holds, written))
                continue;
            bool isEqual = holds.Raw == written.Raw;
            yield return Of(
                isEqual ? Severity.Notice : Severity.Warning,
                isEqual ? "the same is set again further down" : "another value is set further down, and that one counts",
                written) with
            {
                Effective = isEqual ? "" : $"{written.Name} = {Shown.Plain(holds.Raw)}",
                Fix = "delete it",
                Edits = Edits.Delete(written),
            };
        }
    }

    /// <summary>A line of master.cf, or a sign for main.cf.</summary>
    private static string Place(WrittenValue written) => written.Service is null ? "" : written.Service.Service.CanonicalId;
}
