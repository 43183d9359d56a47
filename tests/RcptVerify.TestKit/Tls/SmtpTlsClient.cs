using System.Net;
using System.Net.Sockets;
using RcptVerify.TestKit.Smtp;

namespace RcptVerify.TestKit.Tls;

/// <summary>Finds out what an SMTP server on 127.0.0.1 negotiates, a connection a question.</summary>
/// <param name="port">The server's port.</param>
/// <param name="wrapped">Whether TLS comes first, without STARTTLS (smtpd_tls_wrappermode).</param>
public sealed class SmtpTlsClient(int port, bool wrapped)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>All suites of TLS 1.3 (RFC 8446 appendix B.4).</summary>
    public static IReadOnlyList<ushort> Tls13Suites { get; } = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

    /// <summary>Offers the version and these suites.</summary>
    /// <returns>What the server chose; null where it offers no TLS, or refused.</returns>
    public async Task<ServerHello?> OfferAsync(TlsVersion version, IReadOnlyList<ushort> cipherSuites)
    {
        using TcpClient connection = new() { NoDelay = true };
        using CancellationTokenSource deadline = new(Patience, TimeProvider.System);
        await connection.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
        NetworkStream stream = connection.GetStream();
        if (!wrapped)
        {
            // Left open: it would close the connection.
            TestSmtpClient smtp = await TestSmtpClient.OverAsync(connection);
            SmtpAnswer ehlo = await smtp.EhloAsync();
            if (!ehlo.Text.Split('\n').Contains("STARTTLS") || (await smtp.SendAsync("STARTTLS")).Code != 220)
            {
                return null;
            }
        }

        await stream.WriteAsync(ClientHello.Build(version, [.. cipherSuites]), deadline.Token);
        return await ServerHello.ReadAsync(stream, deadline.Token);
    }

    /// <summary>Asks for each version alone.</summary>
    /// <returns>Those the server agreed to.</returns>
    public async Task<IReadOnlyList<TlsVersion>> VersionsAsync(IReadOnlyList<ushort> olderSuites)
    {
        List<TlsVersion> agreed = [];
        foreach (TlsVersion version in Enum.GetValues<TlsVersion>())
        {
            IReadOnlyList<ushort> suites = version == TlsVersion.Tls13 ? Tls13Suites : olderSuites;
            if ((await OfferAsync(version, suites))?.Version == version)
            {
                agreed.Add(version);
            }
        }

        return agreed;
    }

    /// <summary>Offers all suites, then all but the one chosen, and so on.</summary>
    /// <returns>Those the server takes up to TLS 1.2.</returns>
    public async Task<IReadOnlySet<ushort>> SuitesAsync(IReadOnlyList<ushort> offered)
    {
        List<ushort> left = [.. offered];
        HashSet<ushort> taken = [];
        while (left.Count > 0 && await OfferAsync(TlsVersion.Tls12, left) is { } hello && left.Remove(hello.CipherSuite))
        {
            taken.Add(hello.CipherSuite);
        }

        return taken;
    }
}
