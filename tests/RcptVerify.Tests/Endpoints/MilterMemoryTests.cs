using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Caching;
using RcptVerify.Endpoints;
using RcptVerify.Probing;
using RcptVerify.Telemetry;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Counts the whole process's memory: runs alone.</summary>
[CollectionDefinition(nameof(MilterMemoryTests), DisableParallelization = true)]
[Collection(nameof(MilterMemoryTests))]
public sealed class MilterMemoryTests
{
    private const int Requests = 20_000;

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "[10.0.0.1]:25")]
    [InlineData(true, "[10.0.0.1]:25")]
    public async Task A_warm_recipient_allocates_nothing_even_where_it_is_refused_and_logged(bool atData, string nextHop)
    {
        using PostfixLoggerProvider provider = new(new LogWriter(Stream.Null, new LinePrefix(TimeProvider.System, "mx1", 1, journal: false)));
        using ILoggerFactory logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Information).AddProvider(provider));
        Route route = nextHop.Length == 0 ? FakeVerifier.NewRoute(ReplySettings.Default) : RouteTo(nextHop, [new("10.0.0.1", 25, "10.0.0.1")]);
        NextHops hops = new(TimeProvider.System, NullLogger<NextHops>.Instance)
        {
            Settings = new() { Networks = [System.Net.IPNetwork.Parse("10.0.0.0/8")], Route = RouteTo },
        };
        MemoryVerdictStore store = new(10_000, TimeProvider.System);
        Put(store, route, "anna@example.com", VerdictStatus.Deliverable);
        Put(store, route, "nobody@example.com", VerdictStatus.Undeliverable);
        using RecipientVerifier verifier = new(
            new RouteTable(nextHop.Length == 0 ? [route] : []), store, new NoProber(), TimeProvider.System, NullLogger<RecipientVerifier>.Instance, nextHops: hops);
        MilterDoorRules rules = new() { AtData = atData, RouteFromRcptHost = true };
        MilterConnectionHandler handler = new(verifier, new MilterDoorSettings { Rules = rules }, TimeProvider.System, logs.CreateLogger<MilterConnectionHandler>());
        InMemoryConnection connection = new();
        Task served = connection.RunAsync(handler);
        await connection.SendAsync(MilterBytes.Join(MilterBytes.PostfixOffer, MilterBytes.Connect(), MilterDoorTest.Mail()));
        _ = connection.ReadAvailable();
        byte[] recipients = MilterBytes.Join(Rcpt("anna@example.com", nextHop), Rcpt("nobody@example.com", nextHop));
        int answer = Encoding.UTF8.GetByteCount(MilterDoorTest.Go + MilterDoorTest.Refusal("nobody@example.com"));

        double least = await AllocatedBytes.LeastOfProcessAsync(Requests, async () =>
        {
            long answered = 0;
            for (int i = 0; i < Requests; i++)
            {
                await connection.SendAsync(recipients);
                answered += connection.DiscardAvailable();
            }

            Assert.Equal((long)answer * Requests, answered);
        });

        Assert.InRange(least, 0, 0.999);
        Assert.False(served.IsCompleted);
    }

    private static Route RouteTo(string name, IReadOnlyList<ServerEndpoint> servers) =>
        new([name], servers, []) { IsByNextHop = true, Probe = new ProbeSettings { Helo = "mx1.example.net", Sender = "" } };

    private static byte[] Rcpt(string recipient, string nextHop) => MilterBytes.Join(
        MilterBytes.Macros('R', "i", "4F2", "{rcpt_addr}", recipient, "{rcpt_host}", nextHop, "{rcpt_mailer}", "relay"),
        MilterBytes.Frame('R', $"<{recipient}>\0NOTIFY=NEVER\0"));

    private static void Put(MemoryVerdictStore store, Route route, string address, VerdictStatus status)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        ProbeReply reply = new(status == VerdictStatus.Deliverable ? 250 : 550, "", "x", route.Servers[0].Name, ProbeTarget.Rcpt, ProbeStage.Rcpt, route.Name);
        store.Put(new Verdict(Encoding.UTF8.GetBytes(address), status, now, Freshness.GoneAt(status, now, route.Times), reply));
    }
}
