using RcptVerify.TestKit;
using RcptVerify.Wire.Policy;

namespace RcptVerify.Fuzz;

/// <summary>
/// <see cref="PolicyRequestParser"/> against <see cref="SlowPolicyParser"/>: requests as Postfix sends them with bytes
/// changed, cut, doubled and put in, arriving in portions and segments of any size, under the usual limits and tight ones.
/// </summary>
internal sealed class PolicyFuzzTarget : IFuzzTarget
{
    private static readonly PolicyLimits Tight = new() { MaxLineBytes = 48, MaxAttributes = 12, MaxRequestBytes = 400 };

    public string Name => "policy";

    public byte[] NewInput(Random random)
    {
        List<byte> input = [];
        int lines = random.Next(40);
        for (int i = 0; i < lines; i++)
        {
            input.AddRange(PolicyAttributes.Name((PolicyAttribute)((i + random.Next(2)) % PolicyAttributes.Count)));
            input.Add((byte)'=');
            int length = random.Next(8) == 0 ? random.Next(100) : random.Next(20);
            for (int j = 0; j < length; j++)
                input.Add((byte)random.Next(' ', 0x7f));
            input.Add((byte)'\n');
        }

        input.Add((byte)'\n');
        for (int changes = random.Next(3); changes > 0; changes--)
            Mutate(input, random);
        return [.. input];
    }

    public string? Check(byte[] input, Random random)
    {
        PolicyLimits limits = random.Next(2) == 0 ? Tight : PolicyLimits.Default;
        return PolicyAgreement.FindDifference(input, [input.Length], limits, random)
            ?? PolicyAgreement.FindDifference(input, Portions(input.Length, random), limits, random);
    }

    private static List<int> Portions(int length, Random random)
    {
        List<int> portions = [];
        while (length > 0)
        {
            portions.Add(random.Next(1, Math.Min(length, 200) + 1));
            length -= portions[^1];
        }

        return portions;
    }

    private static void Mutate(List<byte> input, Random random)
    {
        if (input.Count == 0)
            return;
        int at = random.Next(input.Count);
        switch (random.Next(5))
        {
            case 0:
                input[at] = (byte)random.Next(256);
                break;
            case 1:
                input.Insert(at, "\n=\0\r"u8[random.Next(4)]);
                break;
            case 2:
                input.RemoveRange(at, random.Next(input.Count - at));
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, random.Next(input.Count - at)));
                break;
            default:
                input.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(60)));
                break;
        }
    }
}
