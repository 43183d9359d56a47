namespace RcptVerify.Tests.Endpoints;

/// <summary>A protocol's words, where each request has its answer.</summary>
/// <param name="Ask">A request about a recipient.</param>
/// <param name="Yes">The answer if that recipient exists.</param>
/// <param name="No">The answer if it does not.</param>
/// <param name="Later">The answer if nobody can say.</param>
/// <param name="Beginning">What is no whole request yet, however many letters follow.</param>
internal sealed record RequestWords(Func<string, string> Ask, Func<string, string> Yes, string No, string Later, string Beginning);
