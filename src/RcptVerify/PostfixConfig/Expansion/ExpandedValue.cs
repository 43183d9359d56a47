namespace RcptVerify.PostfixConfig.Expansion;

/// <summary>What became of a value.</summary>
/// <param name="Text">The expanded text; with an error what was made of it until then.</param>
/// <param name="Error">Why Postfix would not take it; null when it is fine.</param>
/// <param name="Undefined">Names that nobody defines; they count as empty.</param>
internal sealed record ExpandedValue(string Text, string? Error, IReadOnlyList<string> Undefined);
