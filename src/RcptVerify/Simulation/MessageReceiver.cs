using System.Buffers;
using System.Text;

namespace RcptVerify.Simulation;

/// <summary>
/// Takes a message in, by DATA (dot-unstuffed, RFC 5321 4.5.2; only CRLF "." CRLF ends it) or by BDAT (octets counted, RFC 3030).
/// Counts all of it and keeps as much of its beginning as the header may be long.
/// </summary>
internal sealed class MessageReceiver
{
    private readonly ArrayBufferWriter<byte> _beginning = new();
    private State _state;

    private enum State
    {
        LineStart,
        Dot,
        DotCr,
        Text,
        Cr,
    }

    /// <summary>Octets so far, after dot-unstuffing.</summary>
    public long Octets { get; private set; }

    public bool IsTooLong => Octets > SimulationLimits.MaxMessageOctets;

    public void Begin()
    {
        _beginning.ResetWrittenCount();
        _state = State.LineStart;
        Octets = 0;
    }

    /// <summary>Consumes text up to and with the final dot's CRLF; false when that has not come yet (all input is consumed then).</summary>
    public bool TryReceiveUntilDot(ref ReadOnlySequence<byte> input)
    {
        while (!input.IsEmpty)
        {
            ReadOnlySpan<byte> span = input.FirstSpan;
            bool complete = Scan(span, out int consumed);
            input = input.Slice(consumed);
            if (complete)
                return true;
        }

        return false;
    }

    /// <summary>Consumes at most <paramref name="remaining"/> octets of a chunk; true when none is left to come.</summary>
    public bool TryReceiveChunk(ref ReadOnlySequence<byte> input, ref long remaining)
    {
        while (remaining > 0 && !input.IsEmpty)
        {
            ReadOnlySpan<byte> span = input.FirstSpan;
            int length = (int)Math.Min(span.Length, remaining);
            Keep(span[..length]);
            remaining -= length;
            input = input.Slice(length);
        }

        return remaining == 0;
    }

    /// <summary>The header fields of what was received, unfolded; lines that are no field are left out.</summary>
    public List<KeyValuePair<string, string>> ReadHeaders()
    {
        List<KeyValuePair<string, string>> headers = [];
        foreach (string line in Encoding.UTF8.GetString(_beginning.WrittenSpan).Split("\r\n"))
        {
            if (line.Length == 0)
                break;

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line[0] is ' ' or '\t')
            {
                if (headers.Count > 0)
                    headers[^1] = new(headers[^1].Key, headers[^1].Value + line);
            }
            else if (colon > 0)
            {
                headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
            }
        }

        return headers;
    }

    private bool Scan(ReadOnlySpan<byte> span, out int consumed)
    {
        for (int i = 0; i < span.Length; i++)
        {
            byte octet = span[i];
            switch (_state)
            {
                case State.LineStart when octet == '.':
                    _state = State.Dot;
                    break;
                case State.Dot when octet == '\r':
                    _state = State.DotCr;
                    break;
                case State.DotCr when octet == '\n':
                    consumed = i + 1;
                    return true;
                case State.DotCr:
                    Keep("\r"u8);
                    KeepOne(octet);
                    break;
                case State.Text:
                    int run = span[i..].IndexOf((byte)'\r');
                    Keep(run < 0 ? span[i..] : span.Slice(i, run));
                    if (run < 0)
                    {
                        consumed = span.Length;
                        return false;
                    }

                    i += run;
                    KeepOne((byte)'\r');
                    break;
                default:
                    KeepOne(octet);
                    break;
            }
        }

        consumed = span.Length;
        return false;
    }

    private void KeepOne(byte octet)
    {
        Keep([octet]);
        _state = octet == '\r' ? State.Cr : _state == State.Cr && octet == '\n' ? State.LineStart : State.Text;
    }

    private void Keep(ReadOnlySpan<byte> octets)
    {
        Octets += octets.Length;
        int room = SimulationLimits.MaxHeaderOctets - _beginning.WrittenCount;
        _beginning.Write(octets[..Math.Min(room, octets.Length)]);
    }
}
