using System.Buffers;
using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Wire;
using RcptVerify.Wire.Milter;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Fuzz;

/// <summary>
/// <see cref="MilterFrame"/>, <see cref="MilterFields"/> and <see cref="MilterMacros"/> against <see cref="SlowMilterParser"/>: a session as
/// Postfix sends it with bytes changed, cut, doubled and put in, arriving in portions and segments of any size, under the usual limits and
/// tight ones. Each frame's data is also given to the readers of other commands, and to the writer of replies; each macro's value to the reader of next hops.
/// </summary>
internal sealed class MilterFuzzTarget : IFuzzTarget
{
    private const string AddressLetters = "ab@.\"\\ <>,:;[]()%1ü字";
    private static readonly MilterLimits Tight = new() { MaxFrameBytes = 60, MaxMacros = 2 };

    public string Name => "milter";

    public byte[] NewInput(Random random)
    {
        List<byte> input = [];
        for (int frames = random.Next(8); frames >= 0; frames--)
        {
            input.AddRange(random.Next(8) switch
            {
                0 => MilterBytes.Offer((uint)random.Next(9), (uint)random.Next(), (uint)random.Next()),
                1 when random.Next(2) == 0 => MilterBytes.Macros('R', "{rcpt_host}", Text("[]:::.012fFx-a", 14, random)),
                1 => MilterBytes.Macros("CHMRT"[random.Next(5)], [.. Enumerable.Range(0, 2 * random.Next(4)).Select(_ => Text("{rcpt_addr}i ü", 12, random))]),
                2 => MilterBytes.Frame('C', $"{Text("host.", 8, random)}\0{"46LUX"[random.Next(5)]}\u0001\u0002{Text("IPv6:192.0.2.1", 16, random)}\0"),
                3 => MilterBytes.Frame('M', $"<{Text(AddressLetters, 20, random)}>\0SIZE=1\0"),
                4 or 5 => MilterBytes.Frame('R', $"{Path(random)}\0"),
                6 => MilterBytes.Frame("HLNBEUAQKT"[random.Next(10)], Text("x\0", 40, random)),
                _ => MilterBytes.Frame((char)random.Next(128), Text("x\0", 3, random)),
            });
        }

        FuzzInput.Mutate(input, "\0\u0001\u000510{}<>@\"DRMCOAQ"u8, random);
        return [.. input];
    }

    public string? Check(byte[] input, Random random)
    {
        MilterLimits limits = random.Next(2) == 0 ? Tight : MilterLimits.Default;
        int start = 0;
        foreach (int there in FuzzInput.Arrivals(input.Length, random))
        {
            SlowMilterParser expected;
            do
            {
                ReadOnlySequence<byte> arrived = FragmentedSequence.CutAtRandom(input.AsMemory(start..there), random);
                expected = SlowMilterParser.Parse(input.AsSpan(start..there), limits);
                ReadOnlySequence<byte> buffer = arrived;
                OperationStatus status = MilterFrame.TryRead(ref buffer, limits, out MilterCommand command, out ReadOnlySequence<byte> data, out WireError error);
                SlowMilterParser found = new(status, error, (int)(arrived.Length - buffer.Length), (char)command, Text(data.ToArray()));
                if (found != expected)
                    return $"at {start}, {there} of {input.Length} bytes there: {found} instead of {expected}";
                if (status == OperationStatus.Done && (FindFieldDifference(data.ToArray(), limits) ?? MilterWriterCheck.FindFault(data.ToArray())) is { } difference)
                    return $"frame at {start}: {difference}";
                start += expected.Length;
            }
            while (expected.Status == OperationStatus.Done);
            if (expected.Status == OperationStatus.InvalidData)
                return null;
        }

        return null;
    }

    private static string? FindFieldDifference(byte[] data, MilterLimits limits)
    {
        string text = Text(data);
        string? client = MilterFields.TryReadConnect(data, out ReadOnlySpan<byte> address, out _) == OperationStatus.Done ? Text(address) : null;
        if (client != SlowMilterParser.Client(text))
            return $"client {client} instead of {SlowMilterParser.Client(text)}";
        string? argument = MilterFields.TryReadPath(data, out ReadOnlySpan<byte> path, out _) == OperationStatus.Done ? Text(path) : null;
        if (argument != SlowMilterParser.FirstArgument(text))
            return $"argument {argument} instead of {SlowMilterParser.FirstArgument(text)}";

        MilterMacros macros = new(data, limits);
        List<string> found = [];
        WireError error;
        while (macros.Next(out error) == OperationStatus.Done)
        {
            found.Add($"{Text(macros.Name)}={Text(macros.Value)}");
            if (SmtpNextHop.TryRead(macros.Value, out SmtpNextHop hop)
                && !(SmtpNextHop.TryRead(Encoding.ASCII.GetBytes(hop.ToString()), out SmtpNextHop again) && again == hop && hop.Port > 0))
                return $"next hop {Text(macros.Value)} is read as {hop}, which is not read as the same";
        }

        (string, WireError) expected = SlowMilterParser.Macros(text, limits.MaxMacros);
        if ((string.Join('\n', found), error) != expected)
            return $"macros {string.Join('\n', found)}, {error} instead of {expected}";

        return MilterOptions.TryRead(data, out MilterOptions offer, out _) == OperationStatus.Done
            && offer.Answer() is var answer && (answer.Version > offer.Version || answer.Version is < 2 or > 6 || answer.Actions != 0 || (answer.Protocol & ~offer.Protocol) != 0)
            ? $"{answer} to {offer}"
            : null;
    }

    private static string Path(Random random) =>
        random.Next(3) == 0 ? $"<\"{Text(AddressLetters, 20, random)}\"@{Text("ab.", 8, random)}>" : $"<{Text(AddressLetters, 20, random)}>";

    private static string Text(string alphabet, int most, Random random) => Encoding.UTF8.GetString(FuzzInput.Text(alphabet, most, random));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
