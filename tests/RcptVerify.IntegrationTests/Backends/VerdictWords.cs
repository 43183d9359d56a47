using RcptVerify.Verification;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>A verdict as the table writes it: <c>deliverable rcpt</c>, <c>undeliverable eod</c>, <c>deliverable accept_all</c>, <c>unknown</c>.</summary>
internal static class VerdictWords
{
    public static string Of(VerificationResult result)
    {
        string verdict = VerdictNames.Of(result.Outcome);
        if (result.Outcome == VerificationOutcome.Unknown)
            return verdict;
        return result.Reply!.AcceptAll ? $"{verdict} accept_all" : $"{verdict} {VerdictNames.Of(result.Reply.Target)}";
    }
}
