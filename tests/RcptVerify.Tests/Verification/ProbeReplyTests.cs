using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class ProbeReplyTests
{
    private readonly ProbeReply _reply = Said.Reply(250, "2.1.5", "OK");

    [Fact]
    public void A_reply_counts_for_the_route_that_would_ask_the_same_server_again()
    {
        Assert.True(_reply.StillCountsFor(TestRoute.Create()));
        Assert.True(_reply.StillCountsFor(TestRoute.Create(hosts: ["new.corp.example", "ex1.corp.example"])));
        Assert.True(_reply.StillCountsFor(TestRoute.Create(target: ProbeTarget.Auto)));
    }

    [Fact]
    public void A_reply_does_not_count_once_its_server_target_or_route_is_another()
    {
        Assert.False(_reply.StillCountsFor(TestRoute.Create(hosts: ["ex2.corp.example"])));
        Assert.False(_reply.StillCountsFor(TestRoute.Create(hosts: [])));
        Assert.False(_reply.StillCountsFor(TestRoute.Create(target: ProbeTarget.Data)));
        Assert.False(_reply.StillCountsFor(TestRoute.Create(domains: ["example.net"])));
    }

    [Fact]
    public void Having_counted_once_does_not_make_it_count_for_the_route_after_a_reload()
    {
        Route before = TestRoute.Create();
        Assert.True(_reply.StillCountsFor(before));
        Assert.False(_reply.StillCountsFor(TestRoute.Create(hosts: ["ex3.corp.example"])));
        Assert.True(_reply.StillCountsFor(before));
    }

    [Fact]
    public void An_outcome_without_a_server_counts_whatever_the_servers_are()
    {
        Route route = TestRoute.Create();
        ProbeReply reply = ProbeOutcome.BackendTrouble(route, "", ProbeStage.None, "the route has no server").Reply;
        Assert.True(reply.StillCountsFor(route));
        Assert.True(reply.StillCountsFor(TestRoute.Create(hosts: ["ex3.corp.example"])));
    }

    [Fact]
    public void Trouble_with_a_backend_is_unknown_and_about_the_backend()
    {
        ProbeOutcome outcome = ProbeOutcome.BackendTrouble(TestRoute.Create(), TestRoute.Server, ProbeStage.Greeting, "timeout");
        Assert.Equal((VerdictStatus.Unknown, OutcomeScope.Backend), (outcome.Status, outcome.Scope));
        Assert.Equal(new ProbeReply(0, "", "timeout", TestRoute.Server, ProbeTarget.Rcpt, ProbeStage.Greeting, "example.com"), outcome.Reply);
    }

    [Fact]
    public void Two_replies_are_equal_when_the_same_was_said_at_the_same_place()
    {
        ProbeReply twin = Said.Reply(250, "2.1.5", "OK");
        twin.StillCountsFor(TestRoute.Create());
        Assert.Equal(_reply, twin);
        Assert.Equal(_reply.GetHashCode(), twin.GetHashCode());
        ProbeReply[] others =
        [
            _reply with { Code = 251 }, _reply with { Enhanced = "2.1.0" }, _reply with { Text = "ok" }, _reply with { Server = TestRoute.OtherServer },
            _reply with { Target = ProbeTarget.Data }, _reply with { Stage = ProbeStage.Data }, _reply with { RouteName = "example.net" },
        ];
        Assert.All(others, other => Assert.NotEqual(_reply, other));
    }

    [Fact]
    public void Equal_replies_are_shared()
    {
        ProbeReplyPool pool = new();
        Assert.Same(_reply, pool.Share(_reply));
        Assert.Same(_reply, pool.Share(Said.Reply(250, "2.1.5", "OK")));
        ProbeReply other = Said.Reply(250, "2.1.5", "ok");
        Assert.Same(other, pool.Share(other));
    }

    [Fact]
    public void A_full_pool_gives_back_what_it_was_given_and_still_shares_the_first_ones()
    {
        ProbeReplyPool pool = new();
        pool.Share(_reply);
        for (int i = 0; i < ProbeReplyPool.MaxEntries; i++)
            pool.Share(Said.Reply(250, "2.1.5", $"queued as {i}"));
        ProbeReply late = Said.Reply(250, "2.1.5", "late");
        Assert.Same(late, pool.Share(late));
        ProbeReply twin = Said.Reply(250, "2.1.5", "late");
        Assert.Same(twin, pool.Share(twin));
        Assert.Same(_reply, pool.Share(Said.Reply(250, "2.1.5", "OK")));
    }
}
