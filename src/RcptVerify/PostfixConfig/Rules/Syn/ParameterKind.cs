using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>What a parameter takes in a release.</summary>
/// <param name="Type">Its type; text for what nobody knows.</param>
/// <param name="Words">The words it takes; null for anything.</param>
internal sealed record ParameterKind(ParameterType Type, ValueWords? Words)
{
    /// <summary>Whether it takes any text.</summary>
    public bool TakesText => Type == ParameterType.Text && Words is null;

    /// <summary>The kind of a parameter; text for one that the release does not have, since nothing reads it.</summary>
    public static ParameterKind Of(string name, RuleContext context) =>
        PostfixDefaults.Exists(name, context.Postfix) && PostfixDefaults.Find(name) is ParameterHistory known
            ? new ParameterKind(known.Type, ValueWords.Of(name, context.Postfix))
            : new ParameterKind(ParameterType.Text, null);
}
