using System.Buffers;
using System.Globalization;
using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Wire;
using RcptVerify.Wire.Socketmap;

namespace RcptVerify.Fuzz;

/// <summary>
/// <see cref="SocketmapRequestParser"/> against <see cref="SlowSocketmapParser"/>: several requests with bytes changed, cut, doubled and put
/// in, arriving in portions and segments of any size, under the usual limits and tight ones.
/// </summary>
internal sealed class SocketmapFuzzTarget : IFuzzTarget
{
    private static readonly SocketmapLimits Tight = new() { MaxRequestBytes = 30 };

    public string Name => "socketmap";

    public byte[] NewInput(Random random)
    {
        List<byte> input = [];
        for (int requests = random.Next(4); requests >= 0; requests--)
        {
            byte[] payload = [.. FuzzInput.Text("recipients", 10, random), (byte)' ', .. FuzzInput.Text("ab@.\"\\ ,:1ü字", 30, random)];
            int length = payload.Length + (random.Next(20) == 0 ? random.Next(-2, 3) : 0);
            input.AddRange(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            input.Add((byte)':');
            input.AddRange(payload);
            input.Add((byte)',');
        }

        FuzzInput.Mutate(input, "0123456789:, \"\0"u8, random);
        return [.. input];
    }

    public string? Check(byte[] input, Random random)
    {
        SocketmapLimits limits = random.Next(2) == 0 ? Tight : SocketmapLimits.Default;
        SocketmapRequest request = new();
        int start = 0;
        foreach (int there in FuzzInput.Arrivals(input.Length, random))
        {
            SlowSocketmapParser expected;
            do
            {
                ReadOnlySequence<byte> arrived = FragmentedSequence.CutAtRandom(input.AsMemory(start..there), random);
                expected = SlowSocketmapParser.Parse(input.AsSpan(start..there), limits);
                if (FindDifference(arrived, request, limits, expected) is { } difference)
                    return $"at {start}, {there} of {input.Length} bytes there: {difference}";
                start += expected.Length;
                if (random.Next(4) == 0)
                    request.Reset();
            }
            while (expected.Status == OperationStatus.Done);
            if (expected.Status == OperationStatus.InvalidData)
                return null;
        }

        return null;
    }

    private static string? FindDifference(ReadOnlySequence<byte> arrived, SocketmapRequest request, SocketmapLimits limits, SlowSocketmapParser expected)
    {
        ReadOnlySequence<byte> buffer = arrived;
        OperationStatus status = SocketmapRequestParser.TryParse(ref buffer, request, limits, out WireError error);
        SlowSocketmapParser found = new(
            status, error, (int)(arrived.Length - buffer.Length), Text(request.Map), Text(request.Key), Text(request.Address));
        return found == expected ? null : $"{found} instead of {expected}";
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);
}
