using Microsoft.AspNetCore.Http;
using RcptVerify.Caching;
using RcptVerify.Hosting;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Hosting;

/// <summary>Who is let in, and what is said of health, without a server.</summary>
public sealed class AdminApiTests : IAsyncDisposable
{
    private const string Token = "a-token-of-the-tests";
    private readonly MemoryVerdictStore _memory = new(10, TimeProvider.System);
    private readonly TieredVerdictCache _store;
    private readonly AdminToken _token = new(Token);
    private readonly Readiness _readiness;
    private bool _opening;
    private bool _trouble;

    public AdminApiTests()
    {
        _store = new TieredVerdictCache(_memory, [], TimeProvider.System);
        _readiness = new Readiness(() => _opening, () => _trouble);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1:10080", "Bearer " + Token, 200, "")]
    [InlineData("[::1]:10080", "bearer " + Token, 200, "")]
    [InlineData("localhost", "Bearer " + Token, 200, "")]
    [InlineData("localhost", "", 401, "none was sent")]
    [InlineData("localhost", "Basic " + Token, 401, "none was sent")]
    [InlineData("localhost", "Bearer " + Token + "x", 401, "not the daemon's")]
    [InlineData("localhost", "Bearer ", 401, "not the daemon's")]
    [InlineData("rebound.example", "Bearer " + Token, 421, "127.0.0.1, [::1] or localhost only")]
    [InlineData("", "Bearer " + Token, 421, "127.0.0.1, [::1] or localhost only")]
    public async Task Over_TCP_the_cache_needs_the_token_and_a_name_of_this_host(string host, string authorization, int status, string why)
    {
        (int Status, string Body, HttpResponse Response) answer = await AskAsync("/cache/stats", host, authorization);
        Assert.Equal(status, answer.Status);
        Assert.Contains(why, answer.Body, StringComparison.Ordinal);
        Assert.Equal(status == 401, answer.Response.Headers.WWWAuthenticate.Count > 0);
    }

    [Fact]
    public async Task Without_a_token_nobody_reaches_the_cache_over_TCP_not_even_with_an_empty_one()
    {
        _token.Replace("");
        foreach (string authorization in (string[])["", "Bearer ", "Bearer " + Token])
        {
            (int status, string body, _) = await AskAsync("/cache/stats", "localhost", authorization);
            Assert.Equal(403, status);
            Assert.Contains("set [admin] token_file", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_that_was_replaced_opens_nothing_any_more()
    {
        _token.Replace("another-one-of-the-tests");
        Assert.Equal(401, (await AskAsync("/cache/stats", "localhost", "Bearer " + Token)).Status);
        Assert.Equal(200, (await AskAsync("/cache/stats", "localhost", "Bearer another-one-of-the-tests")).Status);
    }

    [Fact]
    public async Task Who_comes_by_the_Unix_socket_needs_neither() =>
        Assert.Equal(200, (await AskAsync("/cache/stats", "anything.example", "", unix: true)).Status);

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/readyz", 503)]
    [InlineData("/", 404)]
    [InlineData("/cache", 404)]
    public async Task Health_is_told_under_any_name_and_without_a_token(string path, int status) =>
        Assert.Equal(status, (await AskAsync(path, "rcptverify.svc.example:10080", "")).Status);

    [Fact]
    public async Task It_is_ready_from_when_sockets_and_store_are_open_until_it_drains()
    {
        _opening = true;
        await IsAsync(503, "not ready: the sockets are not open yet\n");
        _readiness.SocketsAreOpen();
        await IsAsync(503, "not ready: the store file is being opened\n");
        _opening = false;
        await IsAsync(200, "ready\n");
        _trouble = true;
        await IsAsync(200, "ready, from memory alone: the store file cannot be used now, the log says why\n");
        _readiness.Drain();
        await IsAsync(503, "not ready: stopping: what is under way is answered, nothing new is taken\n");
        Assert.Equal(200, (await AskAsync("/healthz", "localhost", "")).Status);

        async Task IsAsync(int status, string body)
        {
            (int Status, string Body, HttpResponse _) answer = await AskAsync("/readyz", "localhost", "");
            Assert.Equal((status, body), (answer.Status, answer.Body));
        }
    }

    private async Task<(int Status, string Body, HttpResponse Response)> AskAsync(string path, string host, string authorization, bool unix = false)
    {
        DefaultHttpContext context = new();
        context.Request.Method = "GET";
        context.Request.Path = path;
        context.Request.Host = new HostString(host);
        context.Request.Headers.Authorization = authorization;
        using MemoryStream body = new();
        context.Response.Body = body;
        if (unix)
            context.Features.Set(new CameByUnixSocket());
        RouteTable routes = new([]);
        await new AdminApi(new CacheAccess(_memory, _store, null, () => routes, _ => null), _token, _readiness, TimeProvider.System).InvokeAsync(context);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()), context.Response);
    }
}
