using RcptVerify.Probing;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Probing;

/// <summary>Who is asked about next.</summary>
public sealed class ProbeQueueTests
{
    private readonly ProbeQueue _queue = new();

    [Fact]
    public void Clients_take_turns()
    {
        Add("a1", client: 1);
        Add("a2", client: 1);
        Add("a3", client: 1);
        Add("b1", client: 2);
        Add("c1", client: 3);
        Add("b2", client: 2);

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], TakeAll());
    }

    [Fact]
    public void A_client_that_comes_back_stands_behind_the_others()
    {
        Add("a1", client: 1);
        Add("b1", client: 2);
        Assert.Equal("a1", Take());
        Add("a2", client: 1);

        Assert.Equal(["b1", "a2"], TakeAll());
    }

    [Fact]
    public void Callers_come_before_the_background()
    {
        Add("refresh", ProbePriority.Background);
        Add("a1", client: 1);

        Assert.Equal(["a1", "refresh"], TakeAll());
    }

    [Fact]
    public void A_background_probe_that_a_caller_waits_for_is_a_callers_and_asked_about_once()
    {
        Add("refresh", ProbePriority.Background);
        ProbeJob wanted = Add("wanted", ProbePriority.Background);
        Add("last", ProbePriority.Background);

        _queue.Promote(wanted);
        _queue.Promote(wanted);

        Assert.Equal(3, _queue.Count);
        Assert.Equal(["wanted", "refresh", "last"], TakeAll());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void A_promoted_probe_that_is_put_back_is_asked_about_once_more_and_not_twice()
    {
        ProbeJob wanted = Add("wanted", ProbePriority.Background);
        _queue.Promote(wanted);
        Take();

        _queue.PutBack(wanted);

        Assert.Equal(["wanted"], TakeAll());
    }

    [Fact]
    public void What_is_put_back_comes_first()
    {
        ProbeJob first = Add("a1", client: 1);
        Add("b1", client: 2);
        Take();
        _queue.PutBack(first);

        Assert.Equal(2, _queue.Count);
        Assert.Equal(["a1", "b1"], TakeAll());
    }

    [Fact]
    public void Who_looks_at_the_next_one_takes_nothing()
    {
        Add("a1", client: 1);

        Assert.True(_queue.TryPeek(out ProbeJob? seen));
        Assert.True(_queue.TryDequeue(out ProbeJob? taken));

        Assert.Same(seen, taken);
        Assert.False(_queue.TryPeek(out _));
    }

    private ProbeJob Add(string user, ProbePriority priority = ProbePriority.Caller, ulong client = 0)
    {
        ProbeJob job = ProbingTest.Job($"{user}@example.com", ProbingTest.RouteTo(ProbingTest.Settings), ticket: new ProbeTicket(priority, client));
        _queue.Enqueue(job);
        return job;
    }

    private string Take()
    {
        Assert.True(_queue.TryDequeue(out ProbeJob? job));
        return job.Address.ToString()[..^"@example.com".Length];
    }

    private List<string> TakeAll()
    {
        List<string> taken = [];
        while (_queue.TryPeek(out _))
            taken.Add(Take());
        return taken;
    }
}
