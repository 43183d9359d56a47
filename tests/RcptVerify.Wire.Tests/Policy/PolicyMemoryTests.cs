using System.Buffers;
using RcptVerify.TestKit;
using RcptVerify.Wire.Policy;
using Xunit;

namespace RcptVerify.Wire.Tests.Policy;

[Collection(Alone.Name)]
public sealed class PolicyMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_warm_request_allocates_nothing(bool split)
    {
        byte[] bytes = PolicySamples.Bytes(PolicySamples.Postfix312);
        ReadOnlySequence<byte> sequence = split ? FragmentedSequence.Cut(bytes, 100, 101, 600) : new(bytes);
        PolicyRequest request = new();
        ArrayBufferWriter<byte> output = new(256);

        Run(sequence, request, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(sequence, request, output);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_large_buffer_does_not_outlive_its_request_and_a_usual_one_does()
    {
        byte[] usual = PolicySamples.Bytes(PolicySamples.Postfix312);
        byte[] large = PolicySamples.Bytes($"sender={new string('x', 10_000)}\n\n");
        Parse(usual, new PolicyRequest()); // what a first call costs once in a process is not the request's
        PolicyRequest request = new();

        Assert.InRange(Parse(usual, request), 1, 2048);
        request.Reset();
        Assert.Equal(0, Parse(usual, request));
        Assert.InRange(Parse(large, request), 10_000, 20_000);
        request.Reset();
        Assert.InRange(Parse(usual, request), 1, 2048);
        request.TrimExcess();
        Assert.InRange(Parse(usual, request), 1, 2048);
    }

    [Fact]
    public void A_request_not_yet_used_is_small()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        PolicyRequest request = new();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 512);
        Assert.False(request.Has(PolicyAttribute.Request));
    }

    private static void Run(in ReadOnlySequence<byte> sequence, PolicyRequest request, ArrayBufferWriter<byte> output)
    {
        long sum = 0;
        for (int i = 0; i < 1000; i++)
        {
            ReadOnlySequence<byte> buffer = sequence;
            if (PolicyRequestParser.TryParse(ref buffer, request, PolicyLimits.Default, out _) != OperationStatus.Done)
                throw new InvalidOperationException("not parsed");
            sum += request[PolicyAttribute.Recipient].Length + request.Span(PolicyAttribute.Sender).Length;
            sum += request.TryGetNumber(PolicyAttribute.Size, out long size) ? size : 0;
            PolicyResponseWriter.Write(output, "DUNNO"u8);
            output.ResetWrittenCount();
            request.Reset();
        }

        Assert.True(sum > 0);
    }

    private static long Parse(byte[] bytes, PolicyRequest request)
    {
        ReadOnlySequence<byte> buffer = new(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        OperationStatus status = PolicyRequestParser.TryParse(ref buffer, request, PolicyLimits.Default, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(OperationStatus.Done, status);
        return allocated;
    }
}
