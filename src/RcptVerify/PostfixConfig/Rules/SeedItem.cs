namespace RcptVerify.PostfixConfig.Rules;

/// <summary>One piece of the seed document's advice.</summary>
/// <param name="Number">1 to 40, in the order of the document.</param>
/// <param name="Section">Where it stands there.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Advice">What it says.</param>
/// <param name="Reason">Why the verdict is what it is.</param>
/// <param name="Rules">The rules that look at it; empty where no Postfix configuration can show it.</param>
internal sealed record SeedItem(int Number, string Section, SeedVerdict Verdict, string Advice, string Reason, IReadOnlyList<string> Rules);
