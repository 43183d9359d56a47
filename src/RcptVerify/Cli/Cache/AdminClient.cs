using System.Net.Http.Headers;
using System.Net.Sockets;
using RcptVerify.Configuration;
using RcptVerify.Hosting;

namespace RcptVerify.Cli.Cache;

/// <summary>The way to a running daemon.</summary>
internal static class AdminClient
{
    /// <summary>A client for the admin door that the options or the configuration name; null, with what to say, where there is none.</summary>
    public static HttpClient? Create(string? config, string? socket, string? url, string? token, out string problem)
    {
        problem = "";
        if (socket is null && url is null)
        {
            ConfigurationResult loaded = new ConfigurationSource(config, []).Load();
            if (loaded.Options is null)
            {
                problem = string.Join('\n', loaded.Errors);
                return null;
            }

            AdminOptions admin = loaded.Options.Admin;
            socket = admin.Socket.Length > 0 ? admin.Socket : null;
            url = admin.Listen is { } listen ? $"http://{HostAndPort.Format(listen.Host, listen.Port)}" : null;
            token ??= admin.Token;
        }

        if (socket is null && url is null)
        {
            problem = "the configuration names no admin socket: set [admin] socket = \"/run/rcptverify/admin.sock\" and restart the daemon, or say --socket PATH";
            return null;
        }

        if (socket is null && !Uri.TryCreate(url, UriKind.Absolute, out _))
        {
            problem = "--url: expected http://127.0.0.1:PORT";
            return null;
        }

        SocketsHttpHandler handler = new() { UseProxy = false, AllowAutoRedirect = false };
        if (socket is not null)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            };
        }

        HttpClient client = new(handler) { BaseAddress = new Uri(socket is null ? url! : "http://localhost"), Timeout = Timeout.InfiniteTimeSpan };
        if (socket is null && token is { Length: > 0 })
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
