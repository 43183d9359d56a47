using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class ProbeSenderTests
{
    private const long Hour = 3_600_000;
    private static readonly ProbeSender Hourly = new("Double-Bounce@mx1.example.com", TimeSpan.FromHours(1));

    [Theory]
    [InlineData(0, "Double-Bounce0@mx1.example.com")]
    [InlineData(9 * Hour, "Double-Bounce9@mx1.example.com")]
    [InlineData(10 * Hour, "Double-BounceB@mx1.example.com")]
    [InlineData((31 * Hour) - 1, "Double-BounceZ@mx1.example.com")]
    [InlineData(31 * Hour, "Double-Bounce10@mx1.example.com")]
    [InlineData(492_204 * Hour, "Double-BounceJJ5K@mx1.example.com")] // in February 2026
    public void The_slot_is_appended_to_the_local_part_to_base_31(long now, string sender) => Assert.Equal(sender, Hourly.SenderAt(now));

    [Theory]
    [InlineData("double-bounce@mx1.example.com", 0, "double-bounce@mx1.example.com")]
    [InlineData("", 3600, "")]
    [InlineData("probe", 3600, "probeB")]
    public void Without_a_time_to_live_or_an_address_nothing_changes(string address, int ttl, string sender) =>
        Assert.Equal(sender, new ProbeSender(address, TimeSpan.FromSeconds(ttl)).SenderAt(10 * Hour));

    [Theory]
    [InlineData("double-bounce9@MX1.example.com", true)]
    [InlineData("DOUBLE-BOUNCEb@mx1.example.com", true)]
    [InlineData("double-bounceC@mx1.example.com", true)]
    [InlineData("double-bounce8@mx1.example.com", false)]
    [InlineData("double-bounceD@mx1.example.com", false)]
    [InlineData("double-bounceA@mx1.example.com", false)]
    [InlineData("double-bounce+@mx1.example.com", false)]
    [InlineData("double-bounce@mx1.example.com", false)]
    [InlineData("double-bounceB@mx2.example.com", false)]
    [InlineData("single-bounceB@mx1.example.com", false)]
    [InlineData("double-bounce00000000000000000000000B@mx1.example.com", false)]
    [InlineData("B@mx1.example.com", false)]
    [InlineData("", false)]
    public void Only_this_slot_and_its_neighbours_are_ours(string sender, bool ours) =>
        Assert.Equal(ours, Hourly.IsOurs(Encoding.UTF8.GetBytes(sender), 10 * Hour));

    [Theory]
    [InlineData("double-bounce@mx1.example.com", "Double-bounce@MX1.example.com", true)]
    [InlineData("double-bounce@mx1.example.com", "double-bounceB@mx1.example.com", false)]
    [InlineData("double-bounce@mx1.example.com", "", false)]
    [InlineData("", "", false)]
    public void An_address_that_never_changes_is_ours_as_it_is_and_the_null_sender_never(string address, string sender, bool ours) =>
        Assert.Equal(ours, new ProbeSender(address, TimeSpan.Zero).IsOurs(Encoding.UTF8.GetBytes(sender), 10 * Hour));

    [Fact]
    public void What_one_node_sends_another_knows_within_one_slot() => Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<NonNegativeInt>(), (ttl, second) =>
        {
            ProbeSender sender = new("probe@mx1.example.com", TimeSpan.FromSeconds(ttl.Get));
            long now = second.Get * 1000L;
            byte[] sent = Encoding.UTF8.GetBytes(sender.SenderAt(now));
            long slot = ttl.Get * 1000L;
            return sender.IsOurs(sent, now) && sender.IsOurs(sent, now + slot) && !sender.IsOurs(sent, now + (2 * slot));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Our_own_probe_is_let_through_and_starts_no_other()
    {
        using Bench bench = new(TestRoute.Create(senderTtl: TimeSpan.FromHours(1)));
        string ours = bench.Route.Probe.ProbeSender.SenderAt(bench.Now);
        VerificationResult answer = await bench.AskFor("user@example.com", sender: ours).Soon();
        Assert.Equal((VerificationOutcome.Deliverable, VerdictSource.OwnProbe), (answer.Outcome, answer.Source));
        Assert.Equal(0, bench.Prober.Count);

        bench.Prober.AnswerAtOnce = Said.NoSuchUser;
        Assert.Equal(VerificationOutcome.Undeliverable, (await bench.AskFor("user@example.com", sender: "double-bounce@mx1.example.com").Soon()).Outcome);
        Assert.Equal(1, bench.Prober.Count);
    }
}
