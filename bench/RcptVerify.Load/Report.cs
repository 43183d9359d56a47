using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace RcptVerify.Load;

/// <summary>What a run gathers: one latency per answer and a count per kind of answer; then one line of <c>name=value</c>.</summary>
internal sealed class Report(int answers)
{
    private static readonly double TicksPerMicrosecond = Stopwatch.Frequency / 1e6;

    private readonly long[] _latencies = new long[answers];
    private readonly List<(byte[] Name, int Count)> _kinds = [];
    private long _start = Stopwatch.GetTimestamp();

    /// <summary>Answers so far.</summary>
    public int Count { get; private set; }

    /// <summary>The time begins now, and not with the report.</summary>
    public void Begin() => _start = Stopwatch.GetTimestamp();

    public void Add(ReadOnlySpan<byte> kind, long ticks)
    {
        _latencies[Count++] = ticks;
        for (int i = 0; i < _kinds.Count; i++)
        {
            if (kind.SequenceEqual(_kinds[i].Name))
            {
                _kinds[i] = (_kinds[i].Name, _kinds[i].Count + 1);
                return;
            }
        }

        _kinds.Add((kind.ToArray(), 1));
    }

    /// <summary>The line, for example <c>requests=9 seconds=0.001 rps=9000 p50us=… p99us=… p999us=… maxus=…</c>.</summary>
    public StringBuilder Summarize(string unit, string rate)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        Array.Sort(_latencies, 0, Count);
        return new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"{unit}={Count} seconds={seconds:F3} {rate}={Count / seconds:F0} p50us={Percentile(0.5):F0} p99us={Percentile(0.99):F0} p999us={Percentile(0.999):F0} maxus={Percentile(1):F0}");
    }

    /// <summary>The counts, for example <c> DUNNO=9 550=1</c>; to be told apart from figures they stand last in the line.</summary>
    public string Kinds() => string.Concat(_kinds.Select(kind => $" {Encoding.ASCII.GetString(kind.Name)}={kind.Count}"));

    private double Percentile(double share) => _latencies[Math.Min((int)(Count * share), Count - 1)] / TicksPerMicrosecond;
}
