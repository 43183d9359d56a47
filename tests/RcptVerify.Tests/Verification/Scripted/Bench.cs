using System.Text;
using RcptVerify.Tests.Simulation;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification.Scripted;

/// <summary>A verifier between a scripted store and a scripted prober, with its clock in the test's hand.</summary>
internal sealed class Bench : IDisposable
{
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    public Bench(params Route[] routes)
        : this(null, routes)
    {
    }

    public Bench(INextHops? nextHops, params Route[] routes)
    {
        Route = routes.Length > 0 ? routes[0] : TestRoute.Create();
        Verifier = new RecipientVerifier(new RouteTable(routes.Length > 0 ? routes : [Route]), Store, Prober, Time, Log, nextHops: nextHops);
    }

    public Route Route { get; }

    public NoticedClock Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public ScriptedStore Store { get; } = new();

    public ScriptedProber Prober { get; } = new();

    public ListLogger<RecipientVerifier> Log { get; } = new();

    public RecipientVerifier Verifier { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<VerificationResult> Ask(string recipient, TimeSpan? budget = null) => Verify(Encoding.UTF8.GetBytes(recipient), budget).AsTask();

    /// <summary>Asks as a door does for a message that somebody sends from somewhere.</summary>
    public Task<VerificationResult> AskFor(string recipient, string client = "", string sender = "") =>
        Verifier.VerifyAsync(new RecipientQuery(
            Encoding.UTF8.GetBytes(recipient), Encoding.UTF8.GetBytes(client), Budget, Encoding.UTF8.GetBytes(sender))).AsTask();

    /// <summary>Asks for something that has to be answered without waiting.</summary>
    public VerificationResult AskAtOnce(string recipient) => AskAtOnce(Encoding.UTF8.GetBytes(recipient));

    public VerificationResult AskAtOnce(byte[] recipient)
    {
        Task<VerificationResult> answer = Verify(recipient, Budget).AsTask();
        Assert.True(answer.IsCompletedSuccessfully, "the answer did not come at once");
        return answer.Result;
    }

    /// <summary>Puts a verdict of the given age into the store, as if a probe had found it then.</summary>
    public Verdict Remember(string address, VerdictStatus status, TimeSpan age, ProbeReply? reply = null)
    {
        long updated = (Time.GetUtcNow() - age).ToUnixTimeMilliseconds();
        Verdict verdict = new(
            Encoding.UTF8.GetBytes(address), status, updated, Freshness.GoneAt(status, updated, Route.Times), reply ?? Said.Of(status).Reply);
        Store.Remember(verdict);
        return verdict;
    }

    public void Dispose() => Verifier.Dispose();

    private ValueTask<VerificationResult> Verify(byte[] recipient, TimeSpan? budget) =>
        Verifier.VerifyAsync(new RecipientQuery(recipient, default, budget ?? Budget));
}
