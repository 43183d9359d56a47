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
        FuzzInput.Mutate(input, "\n=\0\r"u8, random);
        return [.. input];
    }

    public string? Check(byte[] input, Random random)
    {
        PolicyLimits limits = random.Next(2) == 0 ? Tight : PolicyLimits.Default;
        return PolicyAgreement.FindDifference(input, [input.Length], limits, random)
            ?? PolicyAgreement.FindDifference(input, FuzzInput.Portions(input.Length, random), limits, random);
    }
}
