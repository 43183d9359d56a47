using System.Buffers.Binary;
using System.Text;

namespace RcptVerify.Load;

/// <summary>What the <see cref="Floor"/> knows of a protocol: where a request ends, and the constant that answers it.</summary>
internal abstract class FloorProtocol
{
    /// <summary>Room for the answers to a full input buffer, in bytes.</summary>
    public abstract int MaximumAnswers { get; }

    /// <summary>The length of the request at the beginning of <paramref name="input"/>, and its answer, which may be empty; 0 where it is not whole.</summary>
    public abstract int Take(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> answer);

    public static FloorProtocol Parse(string name, string answer) => name switch
    {
        "policy" => new Policy(answer),
        "milter" => new Milter(),
        "socketmap" => new Socketmap(),
        _ => throw new LoadException(ExitCode.Usage, $"{name} is neither policy nor milter nor socketmap"),
    };

    private sealed class Policy(string action) : FloorProtocol
    {
        private readonly byte[] _answer = Encoding.ASCII.GetBytes($"action={action}\n\n");

        public override int MaximumAnswers => Native.Channel.Capacity / 2 * _answer.Length;

        public override int Take(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> answer)
        {
            answer = _answer;
            return input.IndexOf("\n\n"u8) + 2 is var length and > 1 ? length : 0;
        }
    }

    private sealed class Socketmap : FloorProtocol
    {
        private static ReadOnlySpan<byte> Answer => "4:OK x,"u8;

        public override int MaximumAnswers => Native.Channel.Capacity / 3 * Answer.Length;

        public override int Take(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> answer)
        {
            answer = Answer;
            return SocketmapProtocol.TryMeasure(input, out _, out int end) ? end + 1 : 0;
        }
    }

    /// <summary>Masks what RcptVerify masks, and takes every recipient.</summary>
    private sealed class Milter : FloorProtocol
    {
        private readonly byte[] _options = MilterFrames.Options(version: 6, actions: 0, protocol: MilterFrames.OnlyRcpt);

        public override int MaximumAnswers => Native.Channel.Capacity;

        public override int Take(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> answer)
        {
            answer = default;
            if (input.Length < MilterFrames.HeadBytes)
            {
                return 0;
            }

            int length = MilterFrames.LengthBytes + BinaryPrimitives.ReadInt32BigEndian(input);
            if (length < MilterFrames.HeadBytes || length > Native.Channel.Capacity)
            {
                throw new LoadException(ExitCode.WrongAnswer, "what came is no milter frame");
            }

            if (input[MilterFrames.LengthBytes] is (byte)'R' or (byte)'E')
            {
                answer = MilterFrames.Continue;
            }
            else if (input[MilterFrames.LengthBytes] == (byte)'O')
            {
                answer = _options;
            }

            return input.Length < length ? 0 : length;
        }
    }
}
