using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>Tells what Redis says that it should not, in few lines.</summary>
/// <param name="name">Redis' endpoints, without secrets.</param>
/// <param name="log">For the lines.</param>
internal sealed class RedisTrouble(string name, ILogger log)
{
    private const int MaxShown = 200;
    private readonly RepeatGuard _lines = new(TimeProvider.System);
    private readonly RepeatGuard _forbiddenLines = new(TimeProvider.System, perMinute: 1);

    /// <summary>What stands under an address is no verdict.</summary>
    public void NoVerdict(byte[] address) => Garbage("no verdict under " + LogEscape.Text(Encoding.UTF8.GetString(address)));

    /// <summary>Something is none of ours.</summary>
    /// <param name="what">Printable.</param>
    public void Garbage(string what)
    {
        if (_lines.MayPass(out long held))
            Log.RedisGarbage(log, name, what, held);
    }

    /// <summary>Redis answered with an error.</summary>
    public void Refused(string error)
    {
        if (_lines.MayPass(out long held))
            Log.RedisRefused(log, name, Shown(error), held);
    }

    /// <summary>Changes that were given up because too many wait.</summary>
    /// <param name="givenUp">Their count; set to 0 where it was told.</param>
    public void Lost(ref long givenUp)
    {
        if (_lines.MayPass(out _))
            Log.RedisPendingLost(log, name, Interlocked.Exchange(ref givenUp, 0));
    }

    /// <summary>An error in place of a write. True: it is about our user's rights, so the same change would be refused for ever.</summary>
    public bool IsGivenUp(RedisServerException e)
    {
        if (!IsForbidden(e.Message))
        {
            Refused(e.Message);
            return false;
        }

        if (_forbiddenLines.MayPass(out long held))
            Log.RedisForbidden(log, name, Shown(e.Message), held);
        return true;
    }

    /// <summary>Redis' words for a missing right: the first for a command, the others for what a script calls (Redis 6 to 7.0, and later).</summary>
    private static bool IsForbidden(string error) =>
        error.StartsWith("NOPERM", StringComparison.Ordinal)
        || error.StartsWith("ERR The user executing the script can't ", StringComparison.Ordinal)
        || error.StartsWith("ERR ACL failure in script", StringComparison.Ordinal);

    private static string Shown(string error) => LogEscape.Text(error.Length > MaxShown ? error[..MaxShown] : error);
}
