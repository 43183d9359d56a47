using RcptVerify.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Counts the whole process's memory: runs alone.</summary>
[CollectionDefinition(nameof(SocketmapMemoryTests), DisableParallelization = true)]
[Collection(nameof(SocketmapMemoryTests))]
public sealed class SocketmapMemoryTests
{
    [Fact]
    public Task A_warm_look_up_allocates_nothing_even_where_it_is_refused_and_logged() =>
        WarmDoor.AssertAllocatesNothingAsync<SocketmapConnectionHandler>(
            SocketmapSample.Words, (verifier, log) => new(verifier, new SocketmapDoorSettings(), TimeProvider.System, log));
}
