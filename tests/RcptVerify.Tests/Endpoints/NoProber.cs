using RcptVerify.Verification;

namespace RcptVerify.Tests.Endpoints;

/// <summary>For verifiers that have all in their cache: to ask anybody is a failure.</summary>
internal sealed class NoProber : IRecipientProber
{
    public Task<ProbeOutcome> ProbeAsync(RecipientAddress address, Route route, ProbeTicket ticket, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{address} is in the cache");
}
