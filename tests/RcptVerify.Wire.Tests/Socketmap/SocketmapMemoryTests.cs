using System.Buffers;
using RcptVerify.TestKit;
using RcptVerify.Wire.Socketmap;
using Xunit;

namespace RcptVerify.Wire.Tests.Socketmap;

[Collection(Alone.Name)]
public sealed class SocketmapMemoryTests
{
    [Theory]
    [InlineData("anna@company.example", false)]
    [InlineData("\"two words\"@company.example", true)]
    public void A_warm_request_allocates_nothing(string key, bool split)
    {
        byte[] bytes = SocketmapRequestParserTests.Request(key);
        ReadOnlySequence<byte> sequence = split ? FragmentedSequence.Cut(bytes, 1, 2, 20) : new(bytes);
        SocketmapRequest request = new();
        ArrayBufferWriter<byte> output = new(256);
        Run();
        Assert.Equal(0, AllocatedBytes.Least(Run));

        void Run()
        {
            for (int i = 0; i < 1000; i++)
            {
                ReadOnlySequence<byte> buffer = sequence;
                if (SocketmapRequestParserTests.Parse(ref buffer, request, out _) != OperationStatus.Done)
                    throw new InvalidOperationException("not parsed");
                SocketmapReplyWriter.Write(output, "OK"u8, request.Address.Span);
                output.ResetWrittenCount();
                request.Reset();
            }
        }
    }

    [Fact]
    public void A_length_without_what_it_promises_costs_nothing()
    {
        SocketmapRequest request = new();
        byte[] bytes = [.. "4352:"u8, .. new byte[4000]];
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            ReadOnlySequence<byte> buffer = new(bytes);
            _ = SocketmapRequestParserTests.Parse(ref buffer, request, out _);
        }));
    }

    [Fact]
    public void A_large_buffer_does_not_outlive_its_request()
    {
        byte[] large = SocketmapRequestParserTests.Request($"\"{new string('x', 4000)}\"@c.test");
        SocketmapRequest request = new();
        Assert.InRange(AllocatedBytes.Least(() =>
        {
            ReadOnlySequence<byte> buffer = new(large);
            Assert.Equal(OperationStatus.Done, SocketmapRequestParserTests.Parse(ref buffer, request, out _));
            Assert.Equal(4007, request.Address.Length);
            request.Reset(); // so that the next round must take new ones
        }), 8000, 20_000);
    }
}
