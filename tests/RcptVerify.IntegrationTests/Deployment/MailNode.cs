using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>
/// One node of <c>docker/compose.yaml</c> without containers: a Postfix and its RcptVerify, from the files in <c>docker</c>, only addresses
/// and paths changed.
/// </summary>
internal sealed partial class MailNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();
    private readonly Dictionary<int, int> _ports = new() { [25] = FreePort.Next(), [26] = FreePort.Next(), [27] = FreePort.Next() };
    private readonly Dictionary<int, int> _doors = new() { [10040] = FreePort.Next(), [10050] = FreePort.Next(), [10060] = FreePort.Next(), [10080] = FreePort.Next() };
    private readonly string[] _command;
    private readonly string _configuration;
    private DaemonProcess? _daemon;
    private PostfixInstance? _postfix;

    private MailNode(ComposeService daemon, int exchange, int redis)
    {
        string text = FileText.Of("docker/rcptverify.toml")
            .Replace("inet:127.0.0.1:10080", $"inet:127.0.0.1:{_doors[10080]}")
            .Replace("/run/rcptverify/admin.sock", _folder.Combine("admin.sock"))
            .Replace("/var/lib/rcptverify", _folder.Path)
            .Replace("redis:6379", $"127.0.0.1:{redis}")
            .Replace("exchange:2525", $"127.0.0.1:{exchange}")
            .ReplaceAll(new Regex(@"inet:0\.0\.0\.0:([0-9]+)"), match => $"inet:127.0.0.1:{_doors[Number(match)]}");
        _configuration = _folder.Write("rcptverify.toml", text);
        _command = [.. daemon.Command.Select(word => word == "/etc/rcptverify/rcptverify.toml" ? _configuration : word)];
    }

    /// <summary>The mail log.</summary>
    public string MailLog => _postfix!.ReadLog();

    /// <summary>What the daemon has written since it was started last.</summary>
    public string DaemonLog => _daemon!.Output.Text;

    /// <summary>Starts a node and waits until it serves and uses Redis.</summary>
    /// <param name="number">1 or 2, as in the names of the services.</param>
    /// <param name="exchange">The Exchange's port.</param>
    /// <param name="redis">The Redis' port.</param>
    public static async Task<MailNode> StartAsync(int number, int exchange, int redis)
    {
        ComposeFile file = ComposeFile.Load();
        MailNode node = new(file.Services[$"rcptverify{number}"], exchange, redis);
        try
        {
            await node.StartDaemonAsync();
            string main = FileText.Of("docker/postfix/main.cf")
                .Replace("[exchange]:2525", $"[127.0.0.1]:{exchange}")
                .Replace("maillog_file = /dev/stdout\n", "")
                // The tests are the strangers.
                .Replace("mynetworks = 127.0.0.0/8", "mynetworks = 192.0.2.0/24")
                .ReplaceAll(Door(), match => $"inet:127.0.0.1:{node._doors[Number(match)]}");
            string master = FileText.Of("docker/postfix/master.cf")
                .ReplaceAll(Door(), match => $"inet:127.0.0.1:{node._doors[Number(match)]}")
                .ReplaceAll(Service(), match => $"{node._ports[Number(match)]} inet ");
            node._postfix = await PostfixInstance.StartAsync(
                folder => $"""
                    {main}
                    queue_directory = {folder}/spool
                    data_directory = {folder}/data
                    maillog_file = {folder}/{PostfixInstance.LogName}
                    maillog_file_prefixes = {folder}
                    myhostname = {file.Services[$"mx{number}"].Text("hostname")}
                    inet_interfaces = 127.0.0.1
                    inet_protocols = ipv4

                    """,
                () => master,
                node._ports.Values);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where SMTP clients come in instead of a container's port: 25 policy, 26 milter, 27 socketmap.</summary>
    public int Port(int inContainer) => _ports[inContainer];

    /// <summary>What a new SMTP session is told about a recipient: the first reply to MAIL or RCPT that is no acceptance, else that to RCPT.</summary>
    public async Task<SmtpAnswer> AskAsync(int inContainer, string recipient)
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(Port(inContainer));
        await client.EhloAsync();
        SmtpAnswer answer = await client.MailAsync();
        return answer.Code == 250 ? await client.RcptAsync(recipient) : answer;
    }

    /// <summary>Runs <c>cache</c> as the container's user would.</summary>
    /// <returns>Exit code and output.</returns>
    public Task<(int ExitCode, string Output)> CacheAsync(params string[] arguments) =>
        ChildProcess.RunAsync(DaemonProcess.Executable, ["cache", .. arguments, "-c", _configuration], Patience);

    /// <summary>Runs the service's health check.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> CheckHealthAsync(ComposeService service)
    {
        string script = HealthPort().Replace(
            service.HealthScript!, match => $"/dev/tcp/127.0.0.1/{(_ports.TryGetValue(Number(match), out int port) ? port : _doors[Number(match)])} ");
        return (await ChildProcess.RunAsync("/bin/bash", ["-c", script], Patience)).ExitCode;
    }

    /// <summary>kill -9 for the daemon.</summary>
    public async Task KillDaemonAsync()
    {
        _daemon!.Signal(UnixSignal.Kill);
        await _daemon.WaitForExitAsync(Patience);
        await _daemon.DisposeAsync();
        _daemon = null;
    }

    /// <summary>Starts the daemon, for the first time or again.</summary>
    public async Task StartDaemonAsync()
    {
        DaemonProcess daemon = _daemon = new DaemonProcess(_command);
        foreach (int port in _doors.Values)
            await daemon.WaitForListenerAsync(new IPEndPoint(IPAddress.Loopback, port));
        await Eventually.HoldsAsync(
            () => daemon.Output.Text.Contains(": in use", StringComparison.Ordinal), "Redis in use", Patience,
            () => daemon.Output.Text, () => !daemon.HasExited);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postfix is not null)
            await _postfix.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    private static int Number(Match match) => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("inet:rcptverify:([0-9]+)")]
    private static partial Regex Door();

    [GeneratedRegex(@"^([0-9]+)\s+inet\s", RegexOptions.Multiline)]
    private static partial Regex Service();

    [GeneratedRegex("/dev/tcp/127.0.0.1/([0-9]+) ")]
    private static partial Regex HealthPort();
}
