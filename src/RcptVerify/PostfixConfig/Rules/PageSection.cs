namespace RcptVerify.PostfixConfig.Rules;

/// <summary>One section of a rule's page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What stands below it: paragraphs, lists and code fences, without blank lines at either end.</param>
internal sealed record PageSection(string Title, string Text);
