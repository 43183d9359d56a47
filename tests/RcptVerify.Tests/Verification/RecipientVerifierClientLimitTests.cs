using RcptVerify.Telemetry;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

/// <summary>What a client hears that has been refused too many recipients.</summary>
public sealed class RecipientVerifierClientLimitTests : IDisposable
{
    private const string Attacker = "192.0.2.1";
    private readonly Bench _bench = new(TestRoute.Create(clientLimit: new ClientLimit(3, TimeSpan.FromHours(1), [])));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Past_its_limit_it_costs_no_probe_and_others_are_served_as_ever()
    {
        await Spend();
        VerificationResult deferred = await _bench.AskFor("guess4@example.com", Attacker).Soon();
        Assert.Equal((VerificationOutcome.Unknown, VerdictSource.ClientLimit), (deferred.Outcome, deferred.Source));
        Assert.Equal(3, _bench.Prober.Count);

        Assert.Equal(VerificationOutcome.Undeliverable, (await _bench.AskFor("guess4@example.com", "192.0.2.2").Soon()).Outcome);
        Assert.Equal(4, _bench.Prober.Count);
        Assert.Equal(VerificationOutcome.Undeliverable, (await _bench.AskFor("guess4@example.com", Attacker).Soon()).Outcome);
    }

    [Fact]
    public async Task What_is_known_it_is_still_told()
    {
        _bench.Remember("user@example.com", VerdictStatus.Deliverable, TimeSpan.FromHours(1));
        _bench.Remember("old@example.com", VerdictStatus.Undeliverable, TimeSpan.FromHours(1));
        await Spend();
        Assert.Equal(VerificationOutcome.Deliverable, (await _bench.AskFor("user@example.com", Attacker).Soon()).Outcome);
        VerificationResult old = await _bench.AskFor("old@example.com", Attacker).Soon();
        Assert.Equal((VerificationOutcome.Undeliverable, VerdictSource.Stale), (old.Outcome, old.Source));
        Assert.Equal(3, _bench.Prober.Count);
    }

    [Fact]
    public async Task It_is_told_once_in_the_log()
    {
        await Spend();
        for (int i = 0; i < 5; i++)
            await _bench.AskFor("guess1@example.com", Attacker).Soon();
        (int _, string text) = Assert.Single(_bench.Log.Lines, line => line.Id == EventIds.ClientLimited);
        Assert.Contains("client=192.0.2.1 was refused 3 recipients of route example.com", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_from_the_cache_count_too()
    {
        for (int i = 0; i < 3; i++)
        {
            _bench.Remember($"gone{i}@example.com", VerdictStatus.Undeliverable, TimeSpan.FromSeconds(1));
            await _bench.AskFor($"gone{i}@example.com", Attacker).Soon();
        }

        Assert.Equal(VerdictSource.ClientLimit, (await _bench.AskFor("new@example.com", Attacker).Soon()).Source);
    }

    [Fact]
    public async Task Recipients_that_exist_cost_nothing()
    {
        _bench.Prober.AnswerAtOnce = Said.Ok;
        for (int i = 0; i < 20; i++)
            Assert.Equal(VerificationOutcome.Deliverable, (await _bench.AskFor($"user{i}@example.com", Attacker).Soon()).Outcome);
    }

    private async Task Spend()
    {
        _bench.Prober.AnswerAtOnce = Said.NoSuchUser;
        for (int i = 1; i <= 3; i++)
            Assert.Equal(VerificationOutcome.Undeliverable, (await _bench.AskFor($"guess{i}@example.com", Attacker).Soon()).Outcome);
    }
}
