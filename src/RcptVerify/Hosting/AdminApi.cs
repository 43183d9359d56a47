using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RcptVerify.Caching;
using RcptVerify.Verification;

namespace RcptVerify.Hosting;

/// <summary>
/// The admin door's HTTP: <c>/healthz</c>, <c>/readyz</c> and <c>/cache/…</c>. Over the Unix socket its file's mode decides who may
/// ask; over TCP the cache needs the token, and a Host that is this host itself, so that no page in a browser can reach it under a
/// name of its own (DNS rebinding). Health is told under any name: it betrays nothing, and a health check may come by a container's
/// or a service's name. Bodies are lines, read and written as a stream: no line is longer than <see cref="MaxLineBytes"/>.
/// </summary>
/// <param name="cache">The cache and the routes.</param>
/// <param name="token">What opens the cache over TCP.</param>
/// <param name="readiness">What <c>/readyz</c> says.</param>
/// <param name="time">The clock.</param>
internal sealed class AdminApi(CacheAccess cache, AdminToken token, Readiness readiness, TimeProvider time)
{
    /// <summary>Longest line read: 64 KiB; a record has at most some 3.</summary>
    public const int MaxLineBytes = 64 << 10;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public Task InvokeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        if (path == "/healthz")
            return context.Response.WriteAsync("ok\n");
        if (path == "/readyz")
            return Answer(context, readiness.IsReady(out string why) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, why);
        if (!path.StartsWith("/cache/", StringComparison.Ordinal))
            return Answer(context, StatusCodes.Status404NotFound, "no such page");
        if (context.Features.Get<CameByUnixSocket>() is null && Barrier(context) is { } barrier)
            return barrier;
        return (context.Request.Method, path["/cache/".Length..]) switch
        {
            ("GET", "export") => ExportAsync(context),
            ("GET", "stats") => StatsAsync(context),
            ("POST", "get") => GetAsync(context),
            ("POST", "delete") => DeleteAsync(context),
            ("POST", "purge") => PurgeAsync(context),
            ("POST", "import") => ImportAsync(context),
            _ => Answer(context, StatusCodes.Status404NotFound, "no such page"),
        };
    }

    private static bool IsOurs(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? ip) && IPAddress.IsLoopback(ip));

    /// <summary>The refusal of one who comes over TCP; null for one who may come in.</summary>
    private Task? Barrier(HttpContext context)
    {
        if (!IsOurs(context.Request.Host.Host))
            return Answer(context, StatusCodes.Status421MisdirectedRequest, "the cache is told under 127.0.0.1, [::1] or localhost only");
        AdminTokenAnswer answer = token.Judge(context.Request.Headers.Authorization.ToString());
        if (answer == AdminTokenAnswer.Right)
            return null;
        if (answer == AdminTokenAnswer.NoneSet)
            return Answer(context, StatusCodes.Status403Forbidden, "the daemon has no token, so that nobody reaches its cache over TCP: set [admin] token_file, or use the Unix socket");
        context.Response.Headers.WWWAuthenticate = answer == AdminTokenAnswer.Wrong ? "Bearer realm=\"rcptverify\", error=\"invalid_token\"" : "Bearer realm=\"rcptverify\"";
        return Answer(context, StatusCodes.Status401Unauthorized, answer == AdminTokenAnswer.Wrong ? "the token is not the daemon's" : "a token is needed and none was sent");
    }

    private static Task Answer(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(why + "\n");
    }

    private static Task AnswerAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted);
    }

    private async Task StatsAsync(HttpContext context)
    {
        long[] counts = new long[3];
        foreach (Verdict verdict in cache.Memory.Enumerate())
            counts[(int)verdict.Status]++;
        long? inFile = null;
        if (cache.File is not null)
            inFile = await cache.File.CountAsync().WaitAsync(context.RequestAborted);
        CacheStats stats = new(
            cache.Memory.Count, cache.Memory.MaxEntries,
            counts[(int)VerdictStatus.Deliverable], counts[(int)VerdictStatus.Undeliverable], counts[(int)VerdictStatus.Unknown], inFile);
        await AnswerAsync(context, stats, AdminJson.Default.CacheStats);
    }

    /// <summary>All that is known: what lies in memory, and what lies in the file alone.</summary>
    private async IAsyncEnumerable<Verdict> EnumerateAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (Verdict verdict in cache.Memory.Enumerate())
            yield return verdict;
        if (cache.File is not { } file)
            yield break;
        await file.FlushAsync().WaitAsync(cancel); // what memory gives up meanwhile is in the file by then
        long after = 0;
        while (await file.ReadPageAsync(after).WaitAsync(cancel) is { } page)
        {
            foreach (Verdict verdict in page.Verdicts)
            {
                if (!cache.Memory.TryGet(verdict.Address, out _))
                    yield return verdict;
            }

            if (!page.More)
                yield break;
            after = page.Last;
        }
    }

    private async Task ExportAsync(HttpContext context)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        string domain = context.Request.Query["domain"].ToString();
        PurgeScope? scope = domain.Length > 0 ? PurgeScope.OfDomain(domain) : null;
        string status = context.Request.Query["status"].ToString();
        if ((domain.Length > 0 && scope is null)
            || !TrySeconds(context, "older", out long older) || !TrySeconds(context, "newer", out long newer) || !TrySeconds(context, "limit", out long limit))
        {
            await Answer(context, StatusCodes.Status400BadRequest, domain.Length > 0 && scope is null ? "that is not a domain: expected d, or .d for all subdomains of d" : "older, newer and limit must be numbers");
            return;
        }

        long left = limit < 0 ? long.MaxValue : limit;
        await foreach (Verdict verdict in EnumerateAsync(context.RequestAborted))
        {
            if (left == 0)
                break;
            long age = (now - verdict.Updated) / 1000;
            if (verdict.GoneAt <= now || scope?.Covers(verdict) == false || (status.Length > 0 && VerdictNames.Of(verdict.Status) != status)
                || (older >= 0 && age <= older) || (newer >= 0 && age >= newer))
            {
                continue;
            }

            left--;
            await WriteAsync(context, verdict);
        }
    }

    private async Task WriteAsync(HttpContext context, Verdict verdict)
    {
        int at = verdict.Address.AsSpan().LastIndexOf((byte)'@');
        string? nextHop = cache.Routes().Find(verdict.Address.AsSpan(at + 1)) is null ? verdict.Reply.RouteName : null;
        PipeWriter writer = context.Response.BodyWriter;
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(VerdictLine.Of(verdict, nextHop), AdminJson.Default.VerdictLine));
        writer.Write(NewLine);
        if (writer.UnflushedBytes > 32 << 10)
            await writer.FlushAsync(context.RequestAborted);
    }

    private static bool TrySeconds(HttpContext context, string name, out long seconds)
    {
        seconds = -1;
        string text = context.Request.Query[name].ToString();
        return text.Length == 0 || (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out seconds) && seconds >= 0);
    }

    private async Task GetAsync(HttpContext context)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await ReadLinesAsync(context, async line =>
        {
            if (KeyOf(line) is not { } key)
                return;
            if (!cache.Store.TryGet(key, out _))
                await cache.Store.RecallAsync(key);
            if (cache.Store.TryGet(key, out Verdict? verdict) && verdict!.GoneAt > now)
                await WriteAsync(context, verdict);
        });
    }

    private async Task DeleteAsync(HttpContext context)
    {
        int deleted = 0;
        await ReadLinesAsync(context, async line =>
        {
            if (KeyOf(line) is not { } key)
                return;
            if (!cache.Store.TryGet(key, out _))
                await cache.Store.RecallAsync(key); // it may be known to the file alone: that counts, too
            if (await cache.Store.RemoveAsync(key))
                deleted++;
        });
        await AnswerAsync(context, new Forgotten(deleted), AdminJson.Default.Forgotten);
    }

    private async Task PurgeAsync(HttpContext context)
    {
        PurgeScope? scope = context.Request.Query["scope"].ToString() switch
        {
            "all" => PurgeScope.All,
            "negatives" => PurgeScope.Negatives,
            "domain" => PurgeScope.OfDomain(context.Request.Query["domain"].ToString()),
            _ => null,
        };
        if (scope is null)
            await Answer(context, StatusCodes.Status400BadRequest, context.Request.Query["scope"] == "domain" ? "that is not a domain: expected d, or .d for all subdomains of d" : "scope must be all, negatives, or domain");
        else
            await AnswerAsync(context, new Forgotten(await PurgeAsync(scope, context.RequestAborted)), AdminJson.Default.Forgotten);
    }

    /// <summary>Memory and the file hold mostly the same: the higher count of both is told.</summary>
    private async Task<int> PurgeAsync(PurgeScope scope, CancellationToken cancel)
    {
        if (cache.File is null)
            return await cache.Store.PurgeAsync(scope);
        await cache.File.FlushAsync();
        long before = cache.File.RowsPurged;
        int inMemory = await cache.Store.PurgeAsync(scope);
        await cache.File.PurgedAsync().WaitAsync(cancel); // it holds already: this is for the count
        return (int)Math.Max(inMemory, cache.File.RowsPurged - before);
    }

    private async Task ImportAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null; // read line by line, and never kept
        CacheImport import = new(
            cache.Store, cache.Routes(), cache.NextHop, time, context.Request.Query["format"] == "postfix", context.Request.Query["negatives"] == "true",
            byHand: context.Request.Query["byhand"] == "true");
        await ReadLinesAsync(context, async line =>
        {
            if (line is null)
                import.TakeTooLong();
            else
                import.Take(line);
            if (import.IsFull)
                await TakeAsync();
        });
        await TakeAsync();
        await AnswerAsync(context, import.Counts, AdminJson.Default.ImportCounts);

        async ValueTask TakeAsync()
        {
            await import.FlushAsync();
            if (cache.File is not null)
                await cache.File.FlushAsync().WaitAsync(context.RequestAborted); // else more could wait than there is room for
        }
    }

    private byte[]? KeyOf(byte[]? line)
    {
        byte[] key = new byte[RecipientAddress.MaxBytes];
        if (line is null || RecipientAddress.TryCanonicalize(line, key, out int at, out int length) != AddressProblem.None)
            return null;
        if (cache.Routes().Find(key.AsSpan((at + 1)..length)) is { } route)
            return CacheImport.CanonicalFor(route, key, at, length);
        length = RecipientAddress.FoldLocalPart(key, ref at, length); // what next hops said lies under the key of a route with defaults
        return key[..length];
    }

    /// <summary>Hands on each line of the body; null for one that is too long.</summary>
    private static async Task ReadLinesAsync(HttpContext context, Func<byte[]?, ValueTask> take)
    {
        PipeReader reader = context.Request.BodyReader;
        bool skipping = false;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(context.RequestAborted);
            ReadOnlySequence<byte> rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                ReadOnlySequence<byte> line = rest.Slice(0, end);
                await take(skipping || line.Length > MaxLineBytes ? null : line.ToArray());
                skipping = false;
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (result.IsCompleted && (skipping || !rest.IsEmpty))
                await take(skipping || rest.Length > MaxLineBytes ? null : rest.ToArray());
            skipping |= rest.Length > MaxLineBytes;
            if (skipping)
                rest = rest.Slice(rest.End);
            reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
                return;
        }
    }
}
