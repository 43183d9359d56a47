using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli.Cache;

/// <summary>Where a <c>cache</c> command looks, as its options say.</summary>
/// <param name="Config">The configuration file; null for none.</param>
/// <param name="Store">A store file.</param>
/// <param name="Socket">The daemon's Unix socket.</param>
/// <param name="Url">The daemon's HTTP.</param>
/// <param name="Token">Its token.</param>
/// <param name="TokenFile">A file that holds it.</param>
internal sealed record CachePlace(string? Config, string? Store, string? Socket, string? Url, string? Token, string? TokenFile);

/// <summary>The way to a cache: a running daemon's, or where none answers, its file.</summary>
/// <param name="Client">Speaks to the admin door, or to what does the same here.</param>
/// <param name="File">The file; null with a daemon.</param>
internal sealed record AdminClient(HttpClient Client, StoreFile? File) : IDisposable
{
    private const string Scheme = "sqlite:";

    private const string Hint = "if one runs: --socket PATH names its [admin] socket, which it has only in a folder that it may write to, --token-file FILE its token";

    /// <summary>Finds the cache that is meant.</summary>
    /// <param name="place">What the options say.</param>
    /// <param name="change">Whether something is to be changed.</param>
    /// <exception cref="CachePlaceException">There is none, or it cannot be used.</exception>
    public static async Task<AdminClient> FindAsync(CachePlace place, bool change)
    {
        if ((place.Store is null ? 0 : 1) + (place.Socket is null ? 0 : 1) + (place.Url is null ? 0 : 1) > 1)
            throw new CachePlaceException("say one of --store, --socket and --url", ExitCode.Usage);
        if (place.Token is not null && place.TokenFile is not null)
            throw new CachePlaceException("say one of --token and --token-file", ExitCode.Usage);
        if (place.Socket is not null)
            return new(ToSocket(place.Socket), null);
        string? token = place.TokenFile is null ? place.Token : ReadToken(place.TokenFile);
        RcptVerifyOptions? options = null;
        if (place.Url is null || token is null)
        {
            ConfigurationResult loaded = new ConfigurationSource(place.Config, []).Load();
            options = loaded.Options ?? throw new CachePlaceException(string.Join('\n', loaded.Errors), ExitCode.Config);
        }

        if (place.Url is not null)
            return new(ToUrl(place.Url, token ?? TokenOf(options!.Admin)), null);
        if (place.Store is not null)
            return await OpenAsync(PathOf(place.Store), options!, change, error => $"no daemon is asked, and {error}");
        AdminOptions admin = options!.Admin;
        if (admin.Socket.Length > 0 && Listens(new UnixDomainSocketEndPoint(admin.Socket)))
            return new(ToSocket(admin.Socket), null);
        bool hasToken = token is not null || admin.Token.Length > 0 || admin.TokenFile.Length > 0;
        if (hasToken && admin.Listen is { } listen && Listens(new IPEndPoint(IPAddress.Parse(listen.Host), listen.Port)))
            return new(ToUrl($"http://{HostAndPort.Format(listen.Host, listen.Port)}", token ?? TokenOf(admin)), null);
        string nobody = Nobody(admin, hasToken);
        if (!options.Cache.Store.StartsWith(Scheme, StringComparison.Ordinal))
            throw new CachePlaceException($"{nobody}, and its cache is in memory only; {Hint}", ExitCode.Tempfail);
        AdminClient client = await OpenAsync(PathOf(options.Cache.Store), options, change, error => $"{nobody}, and {error}; {Hint}");
        Console.Error.WriteLine($"{nobody}: {LogEscape.Text(PathOf(options.Cache.Store))} itself is {(change ? "changed" : "read")}"
            + (change && options.Cache.Redis.Length > 0 ? "; Redis and the other nodes know nothing of it" : "") + $"; {Hint}");
        return client;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        File?.Dispose();
    }

    /// <summary>Where a daemon was looked for in vain.</summary>
    private static string Nobody(AdminOptions admin, bool hasToken)
    {
        List<string> places = [];
        if (admin.Socket.Length > 0)
            places.Add(LogEscape.Text(admin.Socket) + (Directory.Exists(Path.GetDirectoryName(admin.Socket)) ? "" : " (no such folder)"));
        if (admin.Listen is { } listen)
            places.Add(HostAndPort.Format(listen.Host, listen.Port) + (hasToken ? "" : " (not asked without a token)"));
        return places.Count > 0 ? "no daemon answers at " + string.Join(" or ", places) : "no daemon is looked for, with neither [admin] socket nor listen";
    }

    private static string TokenOf(AdminOptions admin) => admin.TokenFile.Length > 0 ? ReadToken(admin.TokenFile) : admin.Token;

    private static string ReadToken(string path)
    {
        try
        {
            return AdminTokenFile.Read(path, out _);
        }
        catch (IOException e)
        {
            throw new CachePlaceException(e.Message, ExitCode.Usage);
        }
    }

    private static string PathOf(string store) =>
        Path.GetFullPath(store.StartsWith(Scheme, StringComparison.Ordinal) ? store[Scheme.Length..] : store);

    private static async Task<AdminClient> OpenAsync(string path, RcptVerifyOptions options, bool change, Func<string, string> complain)
    {
        try
        {
            StoreFile file = await StoreFile.OpenAsync(path, options, change);
            return new(new HttpClient(file, disposeHandler: false) { BaseAddress = new Uri("http://localhost"), Timeout = Timeout.InfiniteTimeSpan }, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CachePlaceException(complain($"the file {LogEscape.Text(path)} cannot be used: {LogEscape.Text(e.Message)}"), ExitCode.Tempfail);
        }
    }

    /// <summary>Whether somebody is there. One who may not be asked (EACCES) is: the complaint about it comes with the request.</summary>
    private static bool Listens(EndPoint endpoint)
    {
        using Socket socket = new(endpoint.AddressFamily, SocketType.Stream, endpoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            socket.Connect(endpoint);
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AccessDenied;
        }
    }

    private static HttpClient ToUrl(string url, string token)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new CachePlaceException("--url: expected http://127.0.0.1:PORT", ExitCode.Usage);
        HttpClient client = New(new SocketsHttpHandler(), address);
        if (token.Length > 0)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static HttpClient ToSocket(string path)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        return New(handler, new Uri("http://localhost"));
    }

    private static HttpClient New(SocketsHttpHandler handler, Uri address)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        return new(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }
}

/// <summary>There is no cache to look at.</summary>
/// <param name="Why">What to say.</param>
/// <param name="ExitCode">How to end.</param>
internal sealed class CachePlaceException(string Why, int ExitCode) : Exception(Why)
{
    /// <summary>How to end.</summary>
    public int ExitCode { get; } = ExitCode;
}
