namespace RcptVerify.PostfixConfig.Rules;

/// <summary>A <c>$name</c> of a text.</summary>
/// <param name="Name">The name.</param>
/// <param name="Offset">Where its dollar sign stands.</param>
/// <param name="Length">How long it is, from the dollar sign to the end of the name.</param>
internal sealed record NameReference(string Name, int Offset, int Length);
