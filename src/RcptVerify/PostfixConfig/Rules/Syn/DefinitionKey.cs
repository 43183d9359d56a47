namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>What definitions of one parameter for one service have in common.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Service">The service; null or empty for main.cf.</param>
internal sealed record DefinitionKey(string Name, string? Service);
