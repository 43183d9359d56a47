using System.Text;
using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// Names in Redis. The version belongs to what is behind them: another one never reads what this one wrote. All keys of an address
/// have its hash tag, so that a script may touch them on a cluster; the &lt; keeps the tag from being empty whatever the address is.
/// </summary>
internal static class RedisKeys
{
    /// <summary>What all keys and the channel begin with.</summary>
    public const string Prefix = "rcptverify:v1:";

    /// <summary>The hash of purges: a field for each scope, its value the time in Unix milliseconds by Redis' clock.</summary>
    public static readonly RedisKey Purges = Prefix + "purges";

    /// <summary>The channel on which the nodes tell each other of changes.</summary>
    public static readonly RedisChannel Changes = RedisChannel.Literal(Prefix + "changes");

    private static readonly byte[] VerdictStart = Encoding.ASCII.GetBytes(Prefix + "verdict:{<");
    private static readonly byte[] LockStart = Encoding.ASCII.GetBytes(Prefix + "probe:{<");

    /// <summary>The key of an address' verdict.</summary>
    public static RedisKey Verdict(ReadOnlySpan<byte> address) => (byte[])[.. VerdictStart, .. address, .. ">}"u8];

    /// <summary>The key of the lock on an address' probe.</summary>
    public static RedisKey Lock(ReadOnlySpan<byte> address) => (byte[])[.. LockStart, .. address, .. ">}"u8];
}
