using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Caching;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Probing;
using RcptVerify.Verification;

namespace RcptVerify.Cli.Cache;

/// <summary>
/// A store file without its daemon: what the daemon's admin door does with its cache, done here with the file. Nothing is
/// created, set aside or swept. To change something it must be nobody else's: a daemon that holds it would not know of it.
/// </summary>
internal sealed class StoreFile : HttpMessageHandler
{
    private readonly SqliteVerdictStore _file;
    private readonly TieredVerdictCache _cache;
    private readonly AdminApi _api;

    private StoreFile(SqliteVerdictStore file, TieredVerdictCache cache, AdminApi api) => (_file, _cache, _api) = (file, cache, api);

    /// <summary>What is wrong with the file; empty where nothing is.</summary>
    public string Trouble => _file.Trouble;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="options">The configuration whose routes and times hold.</param>
    /// <param name="change">Whether it is to be changed.</param>
    /// <exception cref="IOException">It cannot be opened, or not to be changed.</exception>
    public static async Task<StoreFile> OpenAsync(string path, RcptVerifyOptions options, bool change)
    {
        if (!File.Exists(path))
            throw new IOException("no such file");
        MemoryVerdictStore memory = new(options.Cache.MaxEntries, TimeProvider.System);
        SqliteVerdictStore file = new(
            path, new SqliteStoreLimits(), TimeProvider.System, NullLogger.Instance, SqliteSchema.Scripts, change ? SqliteFileUse.Change : SqliteFileUse.Look);
        TieredVerdictCache cache = new(memory, [file], TimeProvider.System);
        file.Start();
        await file.FlushAsync();
        if (file.Trouble.Length > 0)
        {
            string trouble = file.Trouble;
            await cache.DisposeAsync();
            throw new IOException(change && trouble.Contains("locked", StringComparison.Ordinal)
                ? "a running daemon (or another program) has it open: change its cache through the daemon, with [admin] socket or --socket"
                : trouble);
        }

        RouteTable routes = RouteTableFactory.Create(options);
        NextHopSettings? nextHops = RouteTableFactory.NextHopsOf(options);
        CacheAccess access = new(memory, cache, file, () => routes, name => nextHops?.Route(name, []));
        return new(file, cache, new AdminApi(access, new AdminToken(""), new Readiness(() => false, () => false), TimeProvider.System));
    }

    /// <summary>Waits for all that was changed; false where it could not be written.</summary>
    public async Task<bool> CloseAsync()
    {
        await _file.FlushAsync();
        bool written = _file.Trouble.Length == 0;
        await _cache.DisposeAsync();
        return written;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Pipe answer = new();
        DefaultHttpContext context = new() { RequestAborted = cancellationToken };
        context.Features.Set(new CameByUnixSocket()); // who may open the file may do all with it
        context.Request.Method = request.Method.Method;
        context.Request.Path = request.RequestUri!.AbsolutePath;
        context.Request.QueryString = new QueryString(request.RequestUri.Query);
        context.Request.Body = request.Content is null ? Stream.Null : await request.Content.ReadAsStreamAsync(cancellationToken);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer.Writer.AsStream()));
        _ = RunAsync(context, answer.Writer);
        // The status is known once there is a first byte, or none will come.
        ReadResult first = await answer.Reader.ReadAsync(cancellationToken);
        answer.Reader.AdvanceTo(first.Buffer.Start);
        return new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode) { Content = new StreamContent(answer.Reader.AsStream()) };
    }

    private async Task RunAsync(HttpContext context, PipeWriter answer)
    {
        Exception? failure = null;
        try
        {
            await _api.InvokeAsync(context);
            await context.Response.CompleteAsync();
        }
        catch (Exception e)
        {
            failure = e; // the reader's: it comes out where the answer is read
        }

        await answer.CompleteAsync(failure);
    }
}
