using System.Buffers;
using BenchmarkDotNet.Attributes;
using RcptVerify.Wire;
using RcptVerify.Wire.Policy;

namespace RcptVerify.Benchmarks;

/// <summary>The codec alone: one request in one piece.</summary>
[MemoryDiagnoser]
public class PolicyParserBenchmark
{
    private readonly byte[] _bytes = PolicyRequests.For("user17@example.com");
    private readonly PolicyRequest _request = new();

    [Benchmark]
    public OperationStatus Parse()
    {
        ReadOnlySequence<byte> buffer = new(_bytes);
        return PolicyRequestParser.TryParse(ref buffer, _request, PolicyLimits.Default, out WireError _);
    }
}
