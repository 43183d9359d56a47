using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using RcptVerify.Caching;
using RcptVerify.Probing;
using RcptVerify.Verification;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Hosting;

/// <summary>
/// Takes verdicts from elsewhere into the cache, line by line. Each counts for the route that its address has now; one without
/// a route, or from a server that the route does not ask, is left out. One whose domain has no route may name the next hop that it came
/// by: it counts for that alone, and whether that next hop may be asked, and is that server, is seen when a message names it. What Postfix knew names no server: it counts for whichever
/// server the route asks, and is refreshed by its age like all others.
/// </summary>
/// <param name="store">The cache.</param>
/// <param name="routes">The routes in force.</param>
/// <param name="nextHop">The route to a next hop, without servers; null where none may be asked.</param>
/// <param name="time">The clock.</param>
/// <param name="postfix">Lines as <c>postmap -s</c> prints them; else JSON objects.</param>
/// <param name="negatives">Also what is not deliverable.</param>
/// <param name="byHand">Somebody says so, no server: as with Postfix's lines it counts for whatever the route asks.</param>
internal sealed class CacheImport(
    TieredVerdictCache store, RouteTable routes, Func<string, Route?> nextHop, TimeProvider time, bool postfix, bool negatives, bool byHand)
{
    private const int MaxReported = 20;

    /// <summary>Verdicts that are looked up and taken at once: an eighth of the look-ups that may wait at the file, callers' among them.</summary>
    private const int BatchSize = 500;

    private readonly List<Verdict> _batch = new(BatchSize);
    private readonly ProbeReplyPool _replies = new();
    private readonly Dictionary<string, Route> _nextHops = [];
    private long _line;
    private long _leftOut;

    public ImportCounts Counts { get; } = new();

    /// <summary>Takes one line, without its end.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        _line++;
        if (line.EndsWith("\r"u8))
            line = line[..^1];
        if (line.IsEmpty || (postfix && IsPostfixCleanup(line)))
            return;
        VerdictLine? read = postfix ? ReadPostfix(line) : ReadJson(line);
        string? trouble = read is not null ? Take(read) : postfix ? "it is not ADDRESS, white space, STATUS:PROBED:UPDATED:TEXT" : "it is no JSON object, or one of its fields is of another type than in an export";
        if (trouble is not null)
            Unreadable(trouble);
    }

    /// <summary>Whether it is time for <see cref="FlushAsync"/>.</summary>
    public bool IsFull => _batch.Count >= BatchSize;

    /// <summary>Puts what was read into the cache, unless that knows as much, in memory or behind it. To be called at the end, too.</summary>
    public async ValueTask FlushAsync()
    {
        Task<bool>[] taken = [.. _batch.Select(verdict => store.ImportAsync(verdict).AsTask())];
        _batch.Clear();
        foreach (bool one in await Task.WhenAll(taken))
        {
            if (one)
                Counts.Taken++;
            else
                Counts.Known++;
        }
    }

    /// <summary>A line that was too long to be looked at.</summary>
    public void TakeTooLong()
    {
        _line++;
        Unreadable("it is longer than 64 KiB");
    }

    private void Unreadable(string why)
    {
        if (Counts.Unreadable++ < ImportCounts.MaxReasons)
            Counts.LeftOut.Add(new(_line, why));
        if (Counts.UnreadableLines.Count < MaxReported)
            Counts.UnreadableLines.Add(_line);
    }

    /// <summary>A line that can be read, and is left out for a reason that its count does not tell.</summary>
    private void LeaveOut(string why)
    {
        if (_leftOut++ < ImportCounts.MaxReasons)
            Counts.LeftOut.Add(new(_line, why));
    }

    /// <summary>Takes or leaves out one line; what makes it unreadable, or null.</summary>
    private string? Take(VerdictLine line)
    {
        if (line.Address is null)
            return "it has no \"address\"";
        if (line.Updated is not { } date)
            return "it has no \"updated\"";
        if (StatusOf(line.Status) is not { } status)
            return "its \"status\" is not deliverable, undeliverable or unknown";
        byte[] key = new byte[RecipientAddress.MaxBytes];
        if (RecipientAddress.TryCanonicalize(Encoding.UTF8.GetBytes(line.Address), key, out int at, out int length) != AddressProblem.None)
            return "its address is none";
        Route? route = routes.Find(key.AsSpan((at + 1)..length));
        if (route is null && line.NextHop is { } name)
        {
            if (!SmtpNextHop.TryRead(Encoding.UTF8.GetBytes(name), out _))
                return "its \"nextHop\" is none";
            route = NextHopOf(line, name);
        }

        if (route is null)
        {
            Counts.NoRoute++;
            LeaveOut($"no [[route]] for the domain {Encoding.UTF8.GetString(key.AsSpan((at + 1)..length))}");
        }
        else if (status == VerdictStatus.Unknown || (status == VerdictStatus.Undeliverable && !negatives))
            Counts.NotDeliverable++;
        else
            return Take(line, status, date.ToUnixTimeMilliseconds(), route, CanonicalFor(route, key, at, length));
        return null;
    }

    /// <summary>Null where none may be asked, or where the line does not say which server spoke: it would count for any.</summary>
    private Route? NextHopOf(VerdictLine line, string name)
    {
        if (string.IsNullOrEmpty(line.Server) || line.Target is null)
            return null;
        if (_nextHops.TryGetValue(name, out Route? known))
            return known;
        if (nextHop(name) is not { } route)
            return null;
        if (_nextHops.Count >= NextHops.MaxKept)
            _nextHops.Clear();
        return _nextHops[name] = route;
    }

    private string? Take(VerdictLine line, VerdictStatus status, long updated, Route route, byte[] address)
    {
        bool acceptAll = line.Mark == "accept_all";
        if (!TryName(line.Target, VerdictNames.Of, out ProbeTarget target))
            return "its \"target\" is none";
        if (!TryName(line.Stage, VerdictNames.Of, out ProbeStage stage))
            return "its \"stage\" is none";
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Verdict? verdict = new VerdictRecord
        {
            Status = status,
            Updated = updated,
            GoneAt = Freshness.GoneAt(status, updated, route.Times, acceptAll),
            Code = line.Code,
            Enhanced = line.Enhanced ?? "",
            Text = line.Text ?? "",
            Server = line.Server ?? "",
            Target = line.Target is null ? route.Target : target,
            Stage = stage,
            Route = route.Name,
            AcceptAll = acceptAll,
        }.ToVerdict(address, _replies);
        if (verdict is null)
            return "one of its fields is too long";
        if (VerdictRecord.IsFromAnotherClock(verdict, now))
            return "its \"updated\" lies in the future";
        bool isFromNowhere = line.Target is null && !postfix && !byHand; // export always names it
        if (isFromNowhere)
        {
            Counts.NoTarget++;
            LeaveOut("it has no \"target\", the stage at which the server said so");
        }
        else if (!(route.IsByNextHop ? route.MayHaveAsked("", verdict.Reply.Target) : verdict.Reply.StillCountsFor(route)))
        {
            Counts.OtherServer++;
            string server = verdict.Reply.Server.Length == 0 ? "any server" : verdict.Reply.Server;
            LeaveOut($"its route does not ask {server} at {VerdictNames.Of(verdict.Reply.Target)}");
        }
        else if (verdict.GoneAt <= now || Freshness.Evaluate(verdict, route.Times, now).Action == FreshnessAction.Gone)
            Counts.Expired++;
        else
            _batch.Add(verdict);
        return null;
    }

    /// <summary>The key under which the verifier looks: folded and without its extension, as the route says.</summary>
    internal static byte[] CanonicalFor(Route route, byte[] key, int at, int length)
    {
        if (!route.CaseSensitive)
            length = RecipientAddress.FoldLocalPart(key, ref at, length);
        length = RecipientAddress.RemoveExtension(key, ref at, length, route.RecipientDelimiter.Span);
        return key[..length];
    }

    private static VerdictLine? ReadJson(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AdminJson.Default.VerdictLine);
        }
        catch (JsonException)
        {
            return null; // hostile or damaged: the caller counts it
        }
    }

    /// <summary>
    /// <c>address TAB status:probed:updated:text</c>, Postfix's verify.c: status 0 is deliverable, 1 a temporary failure, 2 a
    /// refusal, 3 not known yet; times are Unix seconds. The address may have spaces, the value's first three fields have none.
    /// </summary>
    private static VerdictLine? ReadPostfix(ReadOnlySpan<byte> line)
    {
        int tab = line.IndexOf((byte)'\t');
        int end = tab >= 0 ? tab : line.IndexOf((byte)' ');
        if (end <= 0 || !System.Text.Unicode.Utf8.IsValid(line))
            return null;
        ReadOnlySpan<byte> value = line[(end + 1)..].TrimStart(" \t"u8);
        Span<Range> fields = stackalloc Range[4];
        if (value.Split(fields) != 4
            || !TryNumber(value[fields[0]], out long status) || !TryNumber(value[fields[1]], out _) || !TryNumber(value[fields[2]], out long updated)
            || status > 3 || updated > 253_402_300_799)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(value[fields[3]]);
        return new(
            Encoding.UTF8.GetString(line[..end]),
            status switch { 0 => "deliverable", 2 => "undeliverable", _ => "unknown" },
            null,
            DateTimeOffset.FromUnixTimeSeconds(updated),
            status == 2 ? 550 : 0,
            new string([.. text.Where(c => !char.IsControl(c)).Take(VerdictRecordLimits.MaxTextBytes / 4)]),
            "",
            null);
    }

    /// <summary>The entry that Postfix's dict_cache.c keeps for itself in each of its maps: when it last cleaned up.</summary>
    private static bool IsPostfixCleanup(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> key = "_LAST_CACHE_CLEANUP_COMPLETED_"u8;
        return line.StartsWith(key) && line.Length > key.Length && line[key.Length] is (byte)'\t' or (byte)' ';
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && number >= 0;

    private static VerdictStatus? StatusOf(string? status) => status switch
    {
        "deliverable" => VerdictStatus.Deliverable,
        "undeliverable" => VerdictStatus.Undeliverable,
        "unknown" => VerdictStatus.Unknown,
        _ => null,
    };

    private static bool TryName<T>(string? name, Func<T, string> nameOf, out T value) where T : struct, Enum
    {
        value = default;
        foreach (T one in Enum.GetValues<T>())
        {
            if (nameOf(one) != name)
                continue;
            value = one;
            return true;
        }

        return name is null;
    }
}

/// <summary>Splits the value of Postfix's verify map at its first three colons.</summary>
internal static class PostfixFields
{
    public static int Split(this ReadOnlySpan<byte> value, Span<Range> fields)
    {
        int start = 0;
        for (int i = 0; i < fields.Length - 1; i++)
        {
            int colon = value[start..].IndexOf((byte)':');
            if (colon < 0)
                return i;
            fields[i] = start..(start + colon);
            start += colon + 1;
        }

        fields[^1] = start..value.Length;
        return fields.Length;
    }
}
