using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Caching;
using RcptVerify.Verification;

namespace RcptVerify.Tests.Endpoints;

/// <summary>A real verifier that has nothing to ask.</summary>
internal static class WarmVerifier
{
    public const int Addresses = 1000;

    /// <summary>Knows a thousand addresses, every tenth of them unknown to the server behind it, and has no prober.</summary>
    public static RecipientVerifier Create()
    {
        Route route = FakeVerifier.NewRoute(ReplySettings.Default);
        MemoryVerdictStore store = new(10_000, TimeProvider.System);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < Addresses; i++)
        {
            VerdictStatus status = IsKnown(i) ? VerdictStatus.Deliverable : VerdictStatus.Undeliverable;
            ProbeReply reply = status == VerdictStatus.Deliverable
                ? new(250, "2.1.5", "Recipient OK", "ex1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, route.Name)
                : new(550, "5.1.1", "User unknown", "ex1:25", ProbeTarget.Rcpt, ProbeStage.Rcpt, route.Name);
            store.Put(new Verdict(Encoding.UTF8.GetBytes(Address(i)), status, now, Freshness.GoneAt(status, now, route.Times), reply));
        }

        return new(new RouteTable([route]), store, new NoProber(), TimeProvider.System, NullLogger<RecipientVerifier>.Instance);
    }

    /// <summary>Whether the server knows the i-th address.</summary>
    public static bool IsKnown(int i) => i % 10 != 0;

    public static string Address(int i) => $"user{i}@example.com";
}
