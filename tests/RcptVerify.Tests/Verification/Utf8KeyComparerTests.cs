using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class Utf8KeyComparerTests
{
    private static readonly Utf8KeyComparer Comparer = Utf8KeyComparer.Instance;

    [Fact]
    public void A_span_finds_what_an_array_with_the_same_bytes_finds() =>
        Prop.ForAll<byte[]>(bytes =>
            Comparer.GetHashCode(bytes) == Comparer.GetHashCode(bytes.AsSpan())
            && Comparer.Equals(bytes.AsSpan(), bytes)
            && Comparer.Equals(bytes, [.. bytes])
            && Comparer.Create(bytes.AsSpan()).AsSpan().SequenceEqual(bytes)
            && !Comparer.Equals(bytes, [.. bytes, 0])).QuickCheckThrowOnFailure();

    [Fact]
    public void Different_bytes_have_as_good_as_always_different_hashes() =>
        Assert.InRange(
            Enumerable.Range(0, 10_000).Select(i => Comparer.GetHashCode(System.Text.Encoding.ASCII.GetBytes($"user{i}@example.com"))).Distinct().Count(),
            9_990,
            10_000);
}
