using System.Globalization;
using System.Net;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Exim;

/// <summary>
/// A running Exim of its own: configuration, spool, log and mailboxes lie in a temporary folder, it listens on a free port of 127.0.0.1.
/// It is the program of Debian's package exim4-daemon-light, which tests/run.sh unpacks beside the system.
/// </summary>
/// <remarks>Needs root and the user Debian-exim. It takes mail for <see cref="Domain"/> and everything below.</remarks>
public sealed class EximServer : IAsyncDisposable
{
    /// <summary>The domain that is its own.</summary>
    public const string Domain = "lab.test";

    /// <summary>The local part of its only mailbox, in every domain.</summary>
    public const string KnownUser = "alice";

    private const string Program = "/var/cache/rcptverify-tests/exim4/usr/sbin/exim4";
    private const string User = "Debian-exim";

    private const string RefuseUnknown = $$"""
          deny message = Unknown user
               !condition = ${if match {$recipients} {^{{KnownUser}}@} }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();
    private ChildProcess? _process;

    private EximServer()
    {
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Messages in the mailbox so far. They arrive a moment after they were accepted.</summary>
    public int Delivered => Directory.Exists(Inbox) ? Directory.GetFiles(Inbox).Length : 0;

    private string Inbox => _folder.Combine($"mail/{KnownUser}/new");

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="refusesIn">Where it refuses unknown users.</param>
    /// <exception cref="InvalidOperationException">The program is not there.</exception>
    /// <exception cref="TimeoutException">It did not start; the message holds what it said.</exception>
    public static async Task<EximServer> StartAsync(EximAcl refusesIn)
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException($"There is no {Program}: tests/run.sh unpacks it there.");
        EximServer exim = new();
        try
        {
            string spool = exim._folder.CreateFolder("spool");
            string mail = exim._folder.CreateFolder("mail");
            await ChildProcess.RunAsync("chown", [$"{User}:", spool, mail], Patience);
            string file = exim._folder.Write("exim.conf", Configuration(exim._folder.Path, refusesIn));
            string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1.{exim.Port}");
            exim._process = new ChildProcess(Program, ["-C", file, "-bdf", "-oX", address]);
            await Eventually.ListensAsync(
                new IPEndPoint(IPAddress.Loopback, exim.Port), Patience, exim.ReadLog, () => !exim._process.HasExited);
            return exim;
        }
        catch
        {
            await exim.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its main log, and what it wrote to standard error.</summary>
    public string ReadLog()
    {
        string path = _folder.Combine("spool/mainlog");
        return $"{(File.Exists(path) ? File.ReadAllText(path) : "")}\n{_process?.Output.Text}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The router decides who exists; <c>verify = recipient</c> asks it, as Debian's own configuration does at RCPT.</summary>
    private static string Configuration(string folder, EximAcl refusesIn) => $$"""
        primary_hostname = exim.mta.test
        exim_path = {{Program}}
        spool_directory = {{folder}}/spool
        log_file_path = {{folder}}/spool/%slog
        pid_file_path = {{folder}}/spool/exim.pid
        domainlist ours = {{Domain}} : *.{{Domain}}
        deliver_drop_privilege
        tls_advertise_hosts =
        host_lookup =
        rfc1413_query_timeout = 0s
        keep_environment =
        acl_smtp_rcpt = rcpt
        acl_smtp_predata = predata
        acl_smtp_data = data

        begin acl
        rcpt:
          deny message = relay not permitted
               !domains = +ours
        {{(refusesIn == EximAcl.Rcpt ? "  require verify = recipient" : "")}}
          accept
        predata:
        {{(refusesIn == EximAcl.Predata ? RefuseUnknown : "")}}
          accept
        data:
        {{(refusesIn == EximAcl.Data ? RefuseUnknown : "")}}
          accept

        begin routers
        mailbox:
          driver = accept
          domains = +ours
          local_parts = {{KnownUser}}
          transport = maildir

        begin transports
        maildir:
          driver = appendfile
          directory = {{folder}}/mail/$local_part_data
          maildir_format
          user = {{User}}

        """;
}
