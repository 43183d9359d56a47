using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Caching;

/// <summary>Verdicts that never reach the file because it is too slow: told once a minute.</summary>
/// <param name="path">The file.</param>
/// <param name="time">Real time.</param>
/// <param name="log">The log.</param>
internal sealed class StoreLosses(string path, TimeProvider time, ILogger log)
{
    private readonly RepeatGuard _lines = new(time, perMinute: 1);
    private long _lost;

    /// <summary>Counts them.</summary>
    public void Add(int count)
    {
        if (count > 0)
            Interlocked.Add(ref _lost, count);
        if (count > 0 && _lines.MayPass(out _))
            Log.StoreTooSlow(log, path, Interlocked.Exchange(ref _lost, 0));
    }
}
