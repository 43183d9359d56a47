using System.Net;
using System.Net.Sockets;
using System.Text;
using RcptVerify.Configuration;
using RcptVerify.IntegrationTests.Serving;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>The unit file: what it says of the daemon is true of the daemon.</summary>
public sealed class SystemdUnitTests
{
    private const string Unit = "config/systemd/rcptverify.service";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Its_folders_are_those_of_the_default_configuration()
    {
        Dictionary<string, string> settings = Read();
        AdminOptions admin = new();
        CacheOptions cache = new();
        Assert.Equal(Path.GetDirectoryName(admin.Socket), "/run/" + settings["RuntimeDirectory"]);
        Assert.Equal(Path.GetDirectoryName(cache.Store["sqlite:".Length..]), "/var/lib/" + settings["StateDirectory"]);
        Assert.Equal("/opt/rcptverify/rcptverify serve -c /etc/rcptverify/rcptverify.toml", settings["ExecStart"]);
        Assert.Equal("/bin/kill -HUP $MAINPID", settings["ExecReload"]);
        Assert.NotEqual("root", settings["User"]);
        Assert.DoesNotContain("MemoryDenyWriteExecute", settings.Keys); // .NET would not start
        Assert.Contains("AF_UNIX", settings["RestrictAddressFamilies"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_pages_name_it()
    {
        Assert.Contains(Unit, File.ReadAllText(RepositoryFile.PathOf("README.md")), StringComparison.Ordinal);
        Assert.Contains("install -m 0644 " + Unit, File.ReadAllText(RepositoryFile.PathOf("config/systemd/README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_daemon_tells_systemd_that_it_is_ready_as_Type_notify_demands()
    {
        Assert.Equal("notify", Read()["Type"]);
        using TempFolder folder = new();
        string path = folder.Combine("notify");
        using Socket notify = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(path));
        IPEndPoint policy = new(IPAddress.Loopback, FreePort.Next());
        string file = folder.Write("rcptverify.toml", DaemonConfiguration.On(policy).Route("cli.lab.test", 9).ToString());
        Dictionary<string, string> environment = new() { ["NOTIFY_SOCKET"] = path };
        // .NET speaks to systemd where its parent is called so: a shell by that name.
        string systemd = folder.Combine("systemd");
        File.CreateSymbolicLink(systemd, "/bin/sh");
        await using ChildProcess daemon = new(
            systemd, ["-c", "trap 'kill $daemon' TERM; \"$0\" serve -c \"$1\" & daemon=$!; wait; wait $daemon", DaemonProcess.Executable, file], environment);
        byte[] buffer = new byte[4096];
        int length = await notify.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Contains("READY=1", Encoding.ASCII.GetString(buffer, 0, length), StringComparison.Ordinal);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(policy, TestContext.Current.CancellationToken); // ready means that it listens
        daemon.Signal(UnixSignal.Terminate);
        Assert.Equal(0, await daemon.WaitForExitAsync(Patience));
    }

    /// <summary>All settings; none is written twice.</summary>
    private static Dictionary<string, string> Read()
    {
        Dictionary<string, string> settings = [];
        foreach (string line in File.ReadLines(RepositoryFile.PathOf(Unit)))
        {
            if (line.Length == 0 || line[0] is '#' or '[')
                continue;
            string[] parts = line.Split('=', 2);
            Assert.Equal(2, parts.Length);
            settings.Add(parts[0], parts[1]);
        }

        return settings;
    }
}
