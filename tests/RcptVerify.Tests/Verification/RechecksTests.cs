using Microsoft.Extensions.Time.Testing;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

/// <summary>A known good in doubt is asked about until there is an answer.</summary>
public sealed class RechecksTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly Route Route = TestRoute.Create();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Without_an_answer_it_is_asked_again_after_twice_the_time_up_to_an_hour()
    {
        int asked = 0;
        Rechecks rechecks = new((_, _) => Task.FromResult(++asked < 10), _time, TestContext.Current.CancellationToken);
        rechecks.Schedule(Address("user@example.com"), Route, Minute);
        foreach (int minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
        {
            int before = asked;
            _time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Equal(before, asked);
            _time.Advance(TimeSpan.FromSeconds(1));
            Patience.Until(() => asked == before + 1);
        }

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(10, asked);
    }

    [Fact]
    public void One_recipient_is_asked_about_once_however_often_it_is_refused()
    {
        int asked = 0;
        Rechecks rechecks = new(
            (_, _) =>
            {
                asked++;
                return Task.FromResult(false);
            },
            _time, TestContext.Current.CancellationToken);
        for (int i = 0; i < 3; i++)
            rechecks.Schedule(Address("user@example.com"), Route, Minute);
        rechecks.Schedule(Address("other@example.com"), Route, Minute);
        _time.Advance(Minute);
        Patience.Until(() => asked == 2);
        rechecks.Schedule(Address("user@example.com"), Route, Minute);
        _time.Advance(Minute);
        Patience.Until(() => asked == 3);
    }

    [Fact]
    public void There_is_an_end_to_how_many_are_waited_for()
    {
        int asked = 0;
        Rechecks rechecks = new((_, _) => Task.FromResult(++asked < 0), _time, TestContext.Current.CancellationToken);
        for (int i = 0; i < Rechecks.MaxPending + 10; i++)
            rechecks.Schedule(Address($"user{i}@example.com"), Route, Minute);
        _time.Advance(Minute);
        Patience.Until(() => asked == Rechecks.MaxPending);
    }

    private static RecipientAddress Address(string address) => RecipientAddress.Parse(address, caseSensitive: false, out _)!;
}
