using RcptVerify.IntegrationTests.Serving;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Harness;

/// <summary>The senders of the restart test send, try again, and notice a wrong reply.</summary>
public sealed class MailTrafficTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Deferred_messages_are_sent_again_and_wrong_replies_are_kept()
    {
        await using SmtpSink sink = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        PostfixBuilder builder = new();
        builder.Deliver("known.lab.test", sink.Port);
        int policy = FreePort.Next();
        int port = builder.SmtpdAsking($"inet:127.0.0.1:{policy}");
        await using PostfixInstance postfix = await builder.StartAsync();

        await using MailTraffic traffic = new(port, "known.lab.test", "unknown.lab.test");
        await Eventually.HoldsAsync(() => traffic.Deferred > 0, "451 without a policy server", Patience, postfix.ReadLog);
        Assert.Empty(traffic.AcceptedIds);

        await using (ScriptedPolicyServer right = new(policy, r => r.StartsWith("user", StringComparison.Ordinal) ? "DUNNO" : "550 5.1.1 Unknown"))
        {
            await Eventually.HoldsAsync(() => traffic is { Accepted: > 20, Refused: > 20 }, "traffic", Patience, postfix.ReadLog);
            Assert.Empty(traffic.Wrong);
        }

        await using (ScriptedPolicyServer wrong = new(policy, r => r.StartsWith("user", StringComparison.Ordinal) ? "550 5.1.1 Unknown" : "DUNNO"))
        {
            await Eventually.HoldsAsync(
                () => traffic.Wrong.Any(w => w.Contains(" known ", StringComparison.Ordinal)) &&
                    traffic.Wrong.Any(w => w.Contains(" unknown ", StringComparison.Ordinal)),
                "wrong replies",
                Patience,
                postfix.ReadLog);
        }

        await traffic.StopAsync();
        await Eventually.HoldsAsync(
            () => sink.Proxy.CountOf("X-Id: ") >= traffic.Accepted, "every accepted message at the sink", Patience, postfix.ReadLog);
        Assert.Empty(traffic.AcceptedIds.Select(id => "X-Id: " + id).Except(sink.Proxy.Lines));
    }
}
