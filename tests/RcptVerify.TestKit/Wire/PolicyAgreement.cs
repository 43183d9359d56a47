using System.Buffers;
using System.Text;
using RcptVerify.Wire;
using RcptVerify.Wire.Policy;

namespace RcptVerify.TestKit;

/// <summary>Holds <see cref="PolicyRequestParser"/> against <see cref="SlowPolicyParser"/>.</summary>
public static class PolicyAgreement
{
    /// <summary>Parses one request that has arrived and says how the result differs from the right one; null: not at all.</summary>
    public static string? FindDifference(in ReadOnlySequence<byte> arrived, PolicyRequest request, PolicyLimits limits)
    {
        SlowPolicyParser expected = SlowPolicyParser.Parse(arrived.ToArray(), limits);
        ReadOnlySequence<byte> buffer = arrived;
        OperationStatus status = PolicyRequestParser.TryParse(ref buffer, request, limits, out WireError error);
        if ((status, error) != (expected.Status, expected.Error))
            return $"{status}, {error} instead of {expected.Status}, {expected.Error}";

        long consumed = arrived.Length - buffer.Length;
        if (consumed != expected.Length)
            return $"{consumed} bytes consumed instead of {expected.Length}";

        for (PolicyAttribute a = 0; (int)a < PolicyAttributes.Count; a++)
        {
            bool present = expected.Values.TryGetValue(Encoding.ASCII.GetString(PolicyAttributes.Name(a)), out string? value);
            if (request.Has(a) != present)
                return $"{a} is {(present ? "missing" : "made up")}";
            string found = Encoding.Latin1.GetString(request.Span(a));
            if (found != (value ?? "") || !request.Span(a).SequenceEqual(request[a].Span))
                return $"{a} is '{found}' instead of '{value}'";
        }

        return null;
    }

    /// <summary>
    /// The bytes arrive in the given portions, each cut into segments at random; every state on the way is compared,
    /// until one is not <see cref="OperationStatus.NeedMoreData"/>.
    /// </summary>
    public static string? FindDifference(byte[] bytes, IEnumerable<int> portions, PolicyLimits limits, Random random)
    {
        ArgumentNullException.ThrowIfNull(portions);

        PolicyRequest request = new();
        int length = 0;
        foreach (int portion in portions)
        {
            length = Math.Min(length + portion, bytes.Length);
            ReadOnlySequence<byte> arrived = FragmentedSequence.CutAtRandom(bytes.AsMemory(0, length), random);
            if (FindDifference(arrived, request, limits) is { } difference)
                return $"after {length} of {bytes.Length} bytes: {difference}";
            if (SlowPolicyParser.Parse(bytes.AsSpan(0, length), limits).Status != OperationStatus.NeedMoreData)
                return null;
        }

        return null;
    }
}
