using System.Globalization;
using System.Net;
using RcptVerify.IntegrationTests;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(PostfixFixture))]

namespace RcptVerify.IntegrationTests;

/// <summary>The one Postfix all tests share. Each group of tests has doors of its own, so that they don't meet.</summary>
public sealed class PostfixFixture : IAsyncLifetime
{
    /// <summary>The domain whose mail Postfix really delivers, to <see cref="DeliveryPort"/>.</summary>
    public const string DeliveredDomain = "known." + PostfixBuilder.RelayDomain;

    private const string SocketName = "policy.sock";

    private readonly TempFolder _sockets = new();
    private PostfixInstance? _postfix;

    /// <summary>An smtpd without a policy server.</summary>
    public int PlainPort { get; private set; }

    /// <summary>For <c>ScriptedPolicyTests</c>.</summary>
    public Door Scripted { get; private set; } = Door.None;

    /// <summary>For the tests of what each kind of backend leads to.</summary>
    public Door Backends { get; private set; } = Door.None;

    /// <summary>For the tests that end the daemon.</summary>
    public Door Shutdown { get; private set; } = Door.None;

    /// <summary>For the tests that reload the daemon.</summary>
    public Door Reload { get; private set; } = Door.None;

    /// <summary>For the tests that restart the daemon under traffic.</summary>
    public Door Restart { get; private set; } = Door.None;

    /// <summary>For the tests of the command line.</summary>
    public Door CommandLine { get; private set; } = Door.None;

    /// <summary>An smtpd whose policy server listens on <see cref="UnixSocket"/>.</summary>
    public int UnixPort { get; private set; }

    /// <summary>The path of the policy server's Unix socket.</summary>
    public string UnixSocket => _sockets.Combine(SocketName);

    /// <summary>Where Postfix delivers <see cref="DeliveredDomain"/>.</summary>
    public int DeliveryPort { get; } = FreePort.Next();

    /// <summary>The running Postfix.</summary>
    public PostfixInstance Postfix => _postfix ?? throw new InvalidOperationException("Postfix has not been started.");

    /// <summary>The mode of <see cref="UnixSocket"/>.</summary>
    public UnixFileMode UnixSocketMode => _sockets.ModeOf(SocketName);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        PostfixBuilder builder = new();
        builder.Deliver(DeliveredDomain, DeliveryPort);
        PlainPort = builder.Smtpd();
        UnixPort = builder.SmtpdAsking($"unix:{UnixSocket}");
        Scripted = Door.Add(builder);
        Backends = Door.Add(builder);
        Shutdown = Door.Add(builder);
        Reload = Door.Add(builder);
        Restart = Door.Add(builder);
        CommandLine = Door.Add(builder);
        _postfix = await builder.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postfix is not null)
        {
            await _postfix.DisposeAsync();
        }

        _sockets.Dispose();
    }
}

/// <summary>An smtpd of the shared Postfix and the policy server it asks.</summary>
/// <param name="SmtpPort">Where SMTP clients come in.</param>
/// <param name="PolicyPort">Where the smtpd expects its policy server.</param>
public sealed record Door(int SmtpPort, int PolicyPort)
{
    /// <summary>A door that isn't there yet.</summary>
    public static Door None { get; } = new(0, 0);

    /// <summary>The policy server's address.</summary>
    public IPEndPoint Policy => new(IPAddress.Loopback, PolicyPort);

    internal static Door Add(PostfixBuilder builder)
    {
        int policy = FreePort.Next();
        return new Door(builder.SmtpdAsking(string.Create(CultureInfo.InvariantCulture, $"inet:127.0.0.1:{policy}")), policy);
    }
}
