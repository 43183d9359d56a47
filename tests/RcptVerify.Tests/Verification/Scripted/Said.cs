using RcptVerify.Verification;

namespace RcptVerify.Tests.Verification.Scripted;

/// <summary>What the server behind the route of <see cref="TestRoute"/> says.</summary>
internal static class Said
{
    public static readonly ProbeOutcome Ok =
        new(VerdictStatus.Deliverable, OutcomeScope.Address, Reply(250, "2.1.5", "Recipient OK"));

    public static readonly ProbeOutcome NoSuchUser =
        new(VerdictStatus.Undeliverable, OutcomeScope.Address, Reply(550, "5.1.1", "User unknown"));

    public static readonly ProbeOutcome TryLater =
        new(VerdictStatus.Unknown, OutcomeScope.Address, Reply(452, "4.3.1", "Insufficient system resources"));

    public static readonly ProbeOutcome ConnectionRefused =
        new(VerdictStatus.Unknown, OutcomeScope.Backend, new ProbeReply(0, "", "connection refused", TestRoute.Server, ProbeTarget.Rcpt, ProbeStage.Connect, "example.com"));

    public static ProbeReply Reply(
        int code, string enhanced, string text, string server = TestRoute.Server, ProbeTarget target = ProbeTarget.Rcpt, string route = "example.com") =>
        new(code, enhanced, text, server, target, ProbeStage.Rcpt, route);

    public static ProbeOutcome Of(VerdictStatus status) => status switch
    {
        VerdictStatus.Deliverable => Ok,
        VerdictStatus.Undeliverable => NoSuchUser,
        _ => TryLater,
    };
}
