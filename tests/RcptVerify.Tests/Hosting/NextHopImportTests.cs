using System.Text;
using Microsoft.AspNetCore.Http;
using RcptVerify.Caching;
using RcptVerify.Hosting;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Hosting;

/// <summary>What next hops said of domains without a route, exported and imported again.</summary>
public sealed class NextHopImportTests : IAsyncDisposable
{
    private const string Hop = "[10.0.0.1]:25";
    private const string Server = "10.0.0.1[10.0.0.1]:25";
    private const string Good = """{"address":"user@elsewhere.example","status":"deliverable","updated":"2026-03-01T12:00:00Z","code":250,"server":"10.0.0.1[10.0.0.1]:25","target":"rcpt","nextHop":"[10.0.0.1]:25"}""";
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryVerdictStore _memory;
    private readonly TieredVerdictCache _store;
    private bool _mayAsk = true;

    public NextHopImportTests()
    {
        _memory = new(10, _time);
        _store = new(_memory, [], _time);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task They_come_back_and_count_for_that_next_hop_alone()
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _store.Put(new Verdict("nobody@elsewhere.example"u8.ToArray(), VerdictStatus.Undeliverable, now, now + 1000, Reply(Hop, 550)));
        _store.Put(new Verdict("user@example.com"u8.ToArray(), VerdictStatus.Deliverable, now, now + 1000, Said.Ok.Reply));
        string exported = await AskAsync("GET", "/cache/export");
        Assert.Equal(2, exported.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"\"nextHop\":\"{Hop}\"", exported.Split('\n').Single(line => line.Contains("elsewhere", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("nextHop", exported.Split('\n').Single(line => line.Contains("example.com", StringComparison.Ordinal)), StringComparison.Ordinal);
        await _store.PurgeAsync(PurgeScope.All);

        Assert.Contains("\"taken\":2,", await AskAsync("POST", "/cache/import?negatives=true", exported), StringComparison.Ordinal);

        Assert.True(_store.TryGet("nobody@elsewhere.example"u8, out Verdict? verdict));
        Assert.True(verdict!.Reply.StillCountsFor(RouteTo(Hop, new ServerEndpoint("10.0.0.1", 25, "10.0.0.1"))));
        Assert.False(verdict.Reply.StillCountsFor(RouteTo(Hop, new ServerEndpoint("10.0.0.9", 25, "10.0.0.1"))));
        Assert.False(verdict.Reply.StillCountsFor(RouteTo("[10.0.0.2]:25", new ServerEndpoint("10.0.0.1", 25, "10.0.0.1"))));
        Assert.False(verdict.Reply.StillCountsFor(TestRoute.Create(domains: ["elsewhere.example"])));
    }

    [Theory]
    [InlineData("", "", "\"taken\":1,")]
    [InlineData("user@elsewhere", "User@elsewhere", "\"taken\":1,")]
    [InlineData(",\"nextHop\":\"[10.0.0.1]:25\"", "", "\"noRoute\":1,")]
    [InlineData("\"server\":\"10.0.0.1[10.0.0.1]:25\",", "", "\"noRoute\":1,")] // it would count for whichever server
    [InlineData(",\"target\":\"rcpt\"", "", "\"noRoute\":1,")]
    [InlineData("\"nextHop\":\"[10.0.0.1]:25\"", "\"nextHop\":\"[10.0.0.1\\u0000]\"", "\"unreadable\":1,")]
    [InlineData("elsewhere.example", "example.com", "\"otherServer\":1,")] // its domain has a route
    [InlineData("2026-03-01", "2025-03-01", "\"expired\":1,")]
    [InlineData("T12:00:00", "T12:02:00", "\"taken\":1,")]
    [InlineData("deliverable\",\"updated\":\"2026-03-01T12:00:00Z\",\"code\":250", "undeliverable\",\"updated\":\"2026-03-01T12:01:00Z\",\"code\":550", "\"taken\":1,")]
    [InlineData("deliverable\",\"updated\":\"2026-03-01T12:00:00Z\",\"code\":250", "undeliverable\",\"updated\":\"2026-03-01T12:02:00Z\",\"code\":550", "\"unreadable\":1,")] // it would seem young in two minutes
    public async Task Lines_that_do_not_say_all_of_it_are_left_out(string part, string instead, string counted)
    {
        string line = part.Length == 0 ? Good : Good.Replace(part, instead, StringComparison.Ordinal);
        Assert.Contains(counted, await AskAsync("POST", "/cache/import?negatives=true", line), StringComparison.Ordinal);
        bool taken = counted.Contains("taken", StringComparison.Ordinal);
        Assert.Equal(taken, _store.TryGet("user@elsewhere.example"u8, out _));
        Assert.Equal(taken, (await AskAsync("POST", "/cache/get", "USER@Elsewhere.example")).Length > 0);
    }

    [Fact]
    public async Task Where_no_next_hop_may_be_asked_they_are_left_out()
    {
        _mayAsk = false;
        Assert.Contains("\"noRoute\":1,", await AskAsync("POST", "/cache/import?negatives=true", Good), StringComparison.Ordinal);
        Assert.Equal(0, _memory.Count);
    }

    private static ProbeReply Reply(string hop, int code) => new(code, "", "no", Server, ProbeTarget.Rcpt, ProbeStage.Rcpt, hop);

    private static Route RouteTo(string hop, params ServerEndpoint[] servers) => new([hop], servers, [])
    {
        IsByNextHop = true,
        Probe = new ProbeSettings { Helo = "mx1.example.com", Sender = "double-bounce@mx1.example.com" },
    };

    private async Task<string> AskAsync(string method, string path, string body = "")
    {
        DefaultHttpContext context = new();
        context.Request.Method = method;
        string[] parts = path.Split('?');
        context.Request.Path = parts[0];
        context.Request.QueryString = new QueryString(parts.Length > 1 ? "?" + parts[1] : "");
        using MemoryStream sent = new(Encoding.UTF8.GetBytes(body));
        context.Request.Body = sent;
        using MemoryStream answer = new();
        context.Response.Body = answer;
        context.Features.Set(new CameByUnixSocket());
        RouteTable routes = new([TestRoute.Create()]);
        CacheAccess access = new(_memory, _store, null, () => routes, name => _mayAsk ? RouteTo(name) : null);
        await new AdminApi(access, new AdminToken(""), new Readiness(() => false, () => false), _time).InvokeAsync(context);
        Assert.Equal(200, context.Response.StatusCode);
        await context.Response.CompleteAsync();
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
