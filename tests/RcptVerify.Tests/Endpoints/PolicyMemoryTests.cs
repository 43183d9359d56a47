using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Endpoints;
using RcptVerify.TestKit.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Counts the whole process's memory: runs alone.</summary>
[CollectionDefinition(nameof(PolicyMemoryTests), DisableParallelization = true)]
[Collection(nameof(PolicyMemoryTests))]
public sealed class PolicyMemoryTests
{
    [Fact]
    public Task A_warm_request_allocates_nothing_even_where_it_is_refused_and_logged() =>
        WarmDoor.AssertAllocatesNothingAsync<PolicyConnectionHandler>(
            PolicySample.Words, (verifier, log) => new(verifier, new PolicyDoorSettings(), TimeProvider.System, log));

    [Fact]
    public Task A_warm_request_allocates_nothing_either_where_the_message_is_answered_at_DATA() =>
        WarmDoor.AssertAllocatesNothingAsync<PolicyConnectionHandler>(
            PolicySample.Words, (verifier, log) => new(verifier, new PolicyDoorSettings { Rules = new() { AtData = true } }, TimeProvider.System, log));

    [Fact]
    public async Task A_large_request_leaves_no_large_buffer_behind()
    {
        using RecipientVerifier verifier = WarmVerifier.Create();
        PolicyConnectionHandler handler = new(verifier, new PolicyDoorSettings(), TimeProvider.System, NullLogger<PolicyConnectionHandler>.Instance);
        byte[] large = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 60).Select(i => $"filler{i}={new string('x', 1000)}\n")) + PolicySample.Request(WarmVerifier.Address(1)));
        List<InMemoryConnection> connections = [.. Enumerable.Range(0, 100).Select(_ => new InMemoryConnection())];
        Task[] served = [.. connections.Select(c => c.RunAsync(handler))];
        long before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (InMemoryConnection connection in connections)
        {
            await connection.SendAsync(large);
            Assert.Equal(PolicySample.Dunno, connection.ReadAvailable());
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(held / connections.Count, long.MinValue, 32 * 1024);
        Assert.DoesNotContain(served, s => s.IsCompleted);
    }
}
