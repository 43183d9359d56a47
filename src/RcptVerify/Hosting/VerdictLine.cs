using System.Text;
using System.Text.Json.Serialization;
using RcptVerify.Caching;
using RcptVerify.Verification;

namespace RcptVerify.Hosting;

/// <summary>A verdict as <c>cache export</c> writes it, one object a line. The names are part of the interface.</summary>
internal sealed record VerdictLine(
    string? Address, string? Status, DateTimeOffset? Probed, DateTimeOffset? Updated, int Code, string? Text, string? Server, string? Target,
    string? Enhanced = null, string? Stage = null, string? Mark = null, string? NextHop = null)
{
    /// <param name="verdict">What is known.</param>
    /// <param name="nextHop">The next hop that it came by; null where a route of the domain led there.</param>
    public static VerdictLine Of(Verdict verdict, string? nextHop)
    {
        DateTimeOffset updated = DateTimeOffset.FromUnixTimeMilliseconds(verdict.Updated);
        ProbeReply reply = verdict.Reply;
        return new(
            Encoding.UTF8.GetString(verdict.Address), VerdictNames.Of(verdict.Status), updated, updated, reply.Code, reply.Text, reply.Server,
            VerdictNames.Of(reply.Target), reply.Enhanced, VerdictNames.Of(reply.Stage), reply.Mark, nextHop);
    }
}

/// <summary>What an import made of its lines.</summary>
internal sealed class ImportCounts
{
    public long Taken { get; set; }

    /// <summary>No verdict could be read from the line.</summary>
    public long Unreadable { get; set; }

    /// <summary>The address's domain has no route, and the line names no next hop, or none may be asked.</summary>
    public long NoRoute { get; set; }

    /// <summary>Not deliverable, and only deliverable ones were asked for; or unknown.</summary>
    public long NotDeliverable { get; set; }

    /// <summary>Too old to count.</summary>
    public long Expired { get; set; }

    /// <summary>From a server or target that the route does not ask.</summary>
    public long OtherServer { get; set; }

    /// <summary>It does not say at which target it was asked, as an export does: nothing tells whether the route would ask the same.</summary>
    public long NoTarget { get; set; }

    /// <summary>The cache knows something newer.</summary>
    public long Known { get; set; }

    /// <summary>Numbers of the first unreadable lines, counted from 1; at most 20.</summary>
    public List<long> UnreadableLines { get; init; } = [];

    /// <summary>
    /// Why the first lines were left out, where the count alone does not say it: at most <see cref="MaxReasons"/> that are unreadable, and as many
    /// others.
    /// </summary>
    public List<LeftOutLine> LeftOut { get; init; } = [];

    /// <summary>Most reasons of one kind.</summary>
    public const int MaxReasons = 10;
}

/// <summary>A line that an import left out.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Why">Why, in words.</param>
internal sealed record LeftOutLine(long Line, string Why);

/// <summary>What <c>cache stats</c> says.</summary>
/// <param name="InMemory">Verdicts in memory.</param>
/// <param name="MaxEntries">Most of them.</param>
/// <param name="Deliverable">Of those in memory.</param>
/// <param name="Undeliverable">Of those in memory.</param>
/// <param name="Unknown">Of those in memory.</param>
/// <param name="InFile">Verdicts in the file, mostly the same; null where there is no file, or none that can be read.</param>
internal sealed record CacheStats(int InMemory, int MaxEntries, long Deliverable, long Undeliverable, long Unknown, long? InFile);

/// <summary>The cache as the admin door sees it.</summary>
/// <param name="Memory">Its first level.</param>
/// <param name="Store">All levels.</param>
/// <param name="File">The file; null where there is none.</param>
/// <param name="Routes">The routes in force.</param>
/// <param name="NextHop">The route to a next hop, without servers, for domains that have none; null where none may be asked.</param>
internal sealed record CacheAccess(
    MemoryVerdictStore Memory, TieredVerdictCache Store, SqliteVerdictStore? File, Func<RouteTable> Routes, Func<string, Route?> NextHop);

/// <summary>How many verdicts were forgotten.</summary>
internal sealed record Forgotten(int Count);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerdictLine))]
[JsonSerializable(typeof(ImportCounts))] // with its LeftOutLine
[JsonSerializable(typeof(CacheStats))]
[JsonSerializable(typeof(Forgotten))]
internal sealed partial class AdminJson : JsonSerializerContext;
