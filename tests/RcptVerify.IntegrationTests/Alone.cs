using Xunit;

namespace RcptVerify.IntegrationTests;

/// <summary>
/// For tests that count or time what a starved processor changes: they run when no other test does, one after the other.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
