using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Holds one mail server against its row.</summary>
public abstract class VerdictTest
{
    /// <summary>Ends the probes of servers that never end their reply. All others are given the default time.</summary>
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(0.5);

    internal const string Secret = "kQ3v9sT2mXw8";

    internal static async Task HoldAgainstTableAsync(Backend backend, string name, bool withSecret)
    {
        VerdictRow expected = VerdictTable.Find(name, withSecret);
        TimeSpan? timeout = name.Contains("slow", StringComparison.Ordinal) ? ShortTimeout : null;
        Route route = LiveVerifier.RouteTo(backend.Domain, [backend.Port], withSecret ? Secret : "", timeout);
        string known, nobody;
        await using (LiveVerifier verifier = new(route))
        {
            known = VerdictWords.Of(await verifier.AskAsync(backend.Known));
            nobody = VerdictWords.Of(await verifier.AskAsync(backend.Nobody));
        }

        int messages = await backend.CountDeliveriesAsync(expected.Messages);
        Assert.Equal(expected, new VerdictRow(name, withSecret, known, nobody, messages));
    }
}
