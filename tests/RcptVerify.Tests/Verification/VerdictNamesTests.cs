using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class VerdictNamesTests
{
    [Fact]
    public void Names_in_logs_are_what_they_were()
    {
        Assert.Equal(["unknown", "deliverable", "undeliverable"], Enum.GetValues<VerdictStatus>().Select(VerdictNames.Of));
        Assert.Equal(["unknown", "deliverable", "undeliverable", "no_route"], Enum.GetValues<VerificationOutcome>().Select(VerdictNames.Of));
        Assert.Equal(["cache", "stale", "probe", "always_accept", "address", "own_probe", "client_limit", "skip_clients", "authenticated"], Enum.GetValues<VerdictSource>().Select(VerdictNames.Of));
        Assert.Equal(["auto", "rcpt", "data", "bdat", "eod"], Enum.GetValues<ProbeTarget>().Select(VerdictNames.Of));
        Assert.Equal(
            ["none", "connect", "greeting", "ehlo", "starttls", "mail", "rcpt", "data", "bdat", "eod"],
            Enum.GetValues<ProbeStage>().Select(VerdictNames.Of));
    }

    [Fact]
    public void Numbers_in_stores_are_what_they_were()
    {
        Assert.Equal([0, 1, 2], new[] { VerdictStatus.Unknown, VerdictStatus.Deliverable, VerdictStatus.Undeliverable }.Select(s => (int)s));
        Assert.Equal(
            [0, 1, 2, 3, 4],
            new[] { ProbeTarget.Auto, ProbeTarget.Rcpt, ProbeTarget.Data, ProbeTarget.Bdat, ProbeTarget.Eod }.Select(t => (int)t));
        Assert.Equal((6, 9), ((int)ProbeStage.Rcpt, (int)ProbeStage.EndOfData));
    }
}
