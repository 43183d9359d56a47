using Xunit;

namespace RcptVerify.Tests;

/// <summary>
/// Tests that count allocations run with nothing beside them: a collection that another thread's garbage sets off counts
/// the unused rest of this thread's allocation buffer as allocated.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "alone";
}
