using Microsoft.Extensions.Time.Testing;
using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

public sealed class ChangingSenderTests : ProbingTest
{
    [Fact]
    public async Task Each_transaction_of_a_session_has_the_sender_of_its_time()
    {
        ScriptedSmtpServer server = Server(async c =>
        {
            await c.GreetAsync();
            foreach (char slot in "9B")
            {
                await c.ExpectAsync($"MAIL FROM:<probe{slot}@mx1.example.net>");
                await c.ReplyAsync("250 2.1.0 sender ok");
                await c.ExpectAsync($"RCPT TO:<anna{slot}@example.com>");
                await c.ReplyAsync("250 2.1.5 ok");
                await c.ExpectAsync("RSET");
                await c.ReplyAsync("250 2.0.0 reset");
            }

            await c.ExpectQuitOrEndAsync();
        });
        FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(9));
        SmtpProber prober = Prober(time: time);
        Route route = RouteTo(Settings with { SenderTtl = TimeSpan.FromSeconds(1) }, server.Endpoint);

        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "anna9@example.com")).Status);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(VerdictStatus.Deliverable, (await ProbeAsync(prober, route, "annaB@example.com")).Status);
    }
}
