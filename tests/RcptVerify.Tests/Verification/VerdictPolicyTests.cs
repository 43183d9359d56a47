using System.Text;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class VerdictPolicyTests
{
    private const string Defer = "4.3.0 Recipient cannot be verified at the moment, please try again later";

    [Theory]
    [InlineData(VerificationOutcome.Deliverable, "DUNNO")]
    [InlineData(VerificationOutcome.NoRoute, "DUNNO")]
    [InlineData(VerificationOutcome.Undeliverable, "550 5.1.1 User unknown")]
    [InlineData(VerificationOutcome.Unknown, "DEFER_IF_PERMIT " + Defer)]
    public void An_outcome_has_one_action(VerificationOutcome outcome, string action)
    {
        Assert.Equal(action, Action(outcome, ReplySettings.Default));
        Assert.Equal("DUNNO", Action(outcome, new ReplySettings("550 5.1.1 User unknown", TempfailAction.Defer, dryRun: true)));
    }

    [Theory]
    [InlineData(TempfailAction.DeferIfPermit, "DEFER_IF_PERMIT " + Defer)]
    [InlineData(TempfailAction.Defer, "DEFER " + Defer)]
    [InlineData(TempfailAction.Dunno, "DUNNO")]
    public void What_is_said_without_a_verdict_is_a_setting(TempfailAction tempfail, string action)
    {
        ReplySettings reply = new("554 5.1.1 Gone fishing", tempfail, dryRun: false);
        Assert.Equal(action, Action(VerificationOutcome.Unknown, reply));
        Assert.Equal("554 5.1.1 Gone fishing", Action(VerificationOutcome.Undeliverable, reply));
        Assert.Equal("DUNNO", Action(VerificationOutcome.Deliverable, reply));
        Assert.Equal(("554 5.1.1 Gone fishing", tempfail, false), (reply.UnknownUser, reply.Tempfail, reply.DryRun));
    }

    [Fact]
    public void Without_a_route_nobody_is_refused_and_doubt_is_a_temporary_failure()
    {
        Assert.Equal("DUNNO", Action(VerificationOutcome.NoRoute, null));
        Assert.Equal("DUNNO", Action(VerificationOutcome.Undeliverable, null));
        Assert.Equal("DEFER_IF_PERMIT " + Defer, Action(VerificationOutcome.Unknown, null));
        Assert.Equal("DEFER_IF_PERMIT " + Defer, Encoding.UTF8.GetString(VerdictPolicy.PolicyAction(default)));
    }

    [Fact]
    public void No_outcome_ever_says_OK_which_would_skip_the_restrictions_behind()
    {
        foreach (VerificationOutcome outcome in Enum.GetValues<VerificationOutcome>())
            Assert.DoesNotContain("OK", Action(outcome, ReplySettings.Default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VerificationOutcome.Deliverable, TempfailAction.Defer, null)]
    [InlineData(VerificationOutcome.NoRoute, TempfailAction.Defer, null)]
    [InlineData(VerificationOutcome.Undeliverable, TempfailAction.Defer, "550 5.7.1 Recipient address rejected: Gone fishing")]
    [InlineData(VerificationOutcome.Unknown, TempfailAction.Defer, "451 4.3.0 Recipient address rejected: Recipient cannot be verified at the moment, please try again later")]
    [InlineData(VerificationOutcome.Unknown, TempfailAction.DeferIfPermit, "451 4.3.0 Recipient address rejected: Recipient cannot be verified at the moment, please try again later")]
    [InlineData(VerificationOutcome.Unknown, TempfailAction.Dunno, null)]
    public void A_milter_says_the_same_in_its_own_way(VerificationOutcome outcome, TempfailAction tempfail, string? reply)
    {
        Assert.Equal(reply, Reply(outcome, new ReplySettings("550 5.7.1 Gone fishing", tempfail, dryRun: false)));
        Assert.Null(Reply(outcome, new ReplySettings("550 5.7.1 Gone fishing", tempfail, dryRun: true)));
    }

    [Fact]
    public void A_milter_refuses_nobody_without_a_route_and_doubt_is_a_temporary_failure()
    {
        Assert.Null(Reply(VerificationOutcome.Undeliverable, null));
        Assert.StartsWith("451 4.3.0 ", Reply(VerificationOutcome.Unknown, null), StringComparison.Ordinal);
        Assert.Equal("551  Recipient address rejected: gone", Reply(VerificationOutcome.Undeliverable, new ReplySettings("551 gone", TempfailAction.Defer, dryRun: false)));
    }

    private static string? Reply(VerificationOutcome outcome, ReplySettings? reply)
    {
        Route? route = reply is null ? null : TestRoute.Create(reply: reply);
        return VerdictPolicy.MilterReply(new VerificationResult(outcome, VerdictSource.Cache, route, null, null)) is { } refusal
            ? $"{refusal.Code} {Encoding.UTF8.GetString(refusal.Enhanced.Span)} {Encoding.UTF8.GetString(refusal.Text.Span)}"
            : null;
    }

    private static string Action(VerificationOutcome outcome, ReplySettings? reply)
    {
        Route? route = reply is null ? null : TestRoute.Create(reply: reply);
        return Encoding.UTF8.GetString(VerdictPolicy.PolicyAction(new VerificationResult(outcome, VerdictSource.Cache, route, null, null)));
    }
}
