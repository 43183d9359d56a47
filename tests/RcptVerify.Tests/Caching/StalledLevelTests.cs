using Microsoft.Extensions.Time.Testing;
using RcptVerify.Caching;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>A shared level that takes every question and answers none: nobody waits for it longer than its limit, by a clock that stands still between.</summary>
public sealed class StalledLevelTests : IAsyncDisposable
{
    private const int Callers = 200;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly TaskCompletionSource _end = new();
    private readonly SharedLevel _shared;
    private readonly ScriptedProber _prober = new() { AnswerAtOnce = Said.Ok };
    private readonly TieredVerdictCache _cache;
    private readonly RecipientVerifier _verifier;

    public StalledLevelTests()
    {
        _shared = new SharedLevel { FindWithin = Limit, Gate = _end.Task };
        _cache = new TieredVerdictCache(new MemoryVerdictStore(1000, _time), [_shared], _time);
        _verifier = new RecipientVerifier(new RouteTable([TestRoute.Create()]), _cache, _prober, _time, new ListLogger<RecipientVerifier>());
    }

    public ValueTask DisposeAsync()
    {
        _verifier.Dispose();
        _end.SetResult(); // look-ups for nobody have no limit but the level's own
        return _cache.DisposeAsync();
    }

    [Theory]
    [InlineData(Callers)]
    [InlineData(1)]
    public async Task Each_of_two_hundred_callers_goes_on_when_the_limit_is_reached_and_not_before(int recipients)
    {
        Task<VerificationResult>[] answers = [.. Enumerable.Range(0, Callers).Select(i => AskAsync(i % recipients))];

        _time.Advance(Limit - Instant);
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);
        _time.Advance(Instant);

        Assert.All(await Task.WhenAll(answers).Soon(), said => Assert.Equal(VerificationOutcome.Deliverable, said.Outcome));
        Assert.Equal(recipients, _shared.Finds.Count);
        Assert.Equal(recipients, _prober.Count);
    }

    [Fact]
    public async Task Callers_who_come_one_after_the_other_wait_each_for_its_own_limit_at_the_most()
    {
        List<Task<VerificationResult>> answers = [];
        for (int i = 0; i < Callers; i++)
        {
            answers.Add(AskAsync(i));
            _time.Advance(Instant);
            int due = i + 1 - (int)Limit.TotalMilliseconds;
            await Task.WhenAll(answers.Take(due + 1)).Soon();
            Assert.DoesNotContain(answers.Skip(due + 1), answer => answer.IsCompleted);
        }
    }

    [Fact]
    public async Task Who_joins_a_look_up_waits_no_longer_than_its_first_caller()
    {
        Task<VerificationResult> first = AskAsync(0);
        _time.Advance(Limit - Instant);
        Task<VerificationResult> last = AskAsync(0);
        Assert.False(last.IsCompleted);
        _time.Advance(Instant);
        await Task.WhenAll(first, last).Soon();
        Assert.Single(_shared.Finds);
    }

    [Fact]
    public async Task A_known_good_is_said_at_once_although_it_is_to_be_looked_up_anew()
    {
        for (int i = 0; i < Callers; i++)
            _cache.Put(Verdict(NameOf(i)));
        _shared.LoseWords();
        ((IRemoteChanges)_cache).CheckAnew();

        for (int i = 0; i < Callers; i++)
        {
            Task<VerificationResult> answer = AskAsync(i);
            Assert.True(answer.IsCompletedSuccessfully);
            Assert.Equal(VerdictSource.Cache, (await answer).Source);
        }

        Assert.Empty(_shared.Finds);
    }

    [Fact]
    public async Task A_refusal_that_is_to_be_looked_up_anew_waits_for_the_limit_and_no_longer()
    {
        for (int i = 0; i < Callers; i++)
            _cache.Put(Verdict(NameOf(i), VerdictStatus.Undeliverable));
        _shared.LoseWords();
        Task<VerificationResult>[] answers = [.. Enumerable.Range(0, Callers).Select(AskAsync)];

        _time.Advance(Limit - Instant);
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);
        _time.Advance(Instant);

        await Task.WhenAll(answers).Soon();
        Assert.Equal(Callers, _shared.Finds.Count);
    }

    private Task<VerificationResult> AskAsync(int recipient) =>
        _verifier.VerifyAsync(new RecipientQuery(Key(NameOf(recipient)), default, TimeSpan.FromSeconds(8))).AsTask();

    private static string NameOf(int recipient) => $"user{recipient}@example.com";
}
