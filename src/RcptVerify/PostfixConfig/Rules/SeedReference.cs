namespace RcptVerify.PostfixConfig.Rules;

/// <summary>A line of the seed document's table, and what became of it.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Number">1 to 40, see <see cref="SeedTable"/>.</param>
internal readonly record struct SeedReference(SeedVerdict Verdict, int Number);
