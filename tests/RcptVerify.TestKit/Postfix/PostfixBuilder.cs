using System.Globalization;
using System.Text;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Postfix;

/// <summary>Collects what a private Postfix shall be, then starts it.</summary>
/// <remarks>
/// The starting point is an MX on 127.0.0.1 that relays for <see cref="RelayDomain"/> and everything below, has no limits a test could
/// hit by its pace, and treats 127.0.0.1 as a stranger. Lines added later win (postconf(5)).
/// </remarks>
public sealed class PostfixBuilder
{
    /// <summary>The domain relayed for, its subdomains included (parent_domain_matches_subdomains).</summary>
    public const string RelayDomain = "lab.test";

    private readonly StringBuilder _main = new();
    private readonly StringBuilder _master = new();
    private readonly List<string> _transports = [];
    private readonly List<int> _ports = [];

    /// <summary>Adds a line to main.cf.</summary>
    public PostfixBuilder Main(string line)
    {
        _main.Append(line).Append('\n');
        return this;
    }

    /// <summary>Adds lines to master.cf.</summary>
    public PostfixBuilder Master(string lines)
    {
        _master.Append(lines).Append('\n');
        return this;
    }

    /// <summary>Delivers a domain's mail to a port of 127.0.0.1 (transport_maps).</summary>
    public PostfixBuilder Deliver(string domain, int port) => Transport(domain, $"relay:[127.0.0.1]:{port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Gives a domain's mail to a transport (transport_maps).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="transport">As transport(5) writes it: "relay:[127.0.0.1]:25".</param>
    public PostfixBuilder Transport(string domain, string transport)
    {
        _transports.Add($"{{ {domain} = {transport} }}");
        return this;
    }

    /// <summary>Adds an smtpd(8) on a free port of 127.0.0.1.</summary>
    /// <param name="overrides">main.cf parameters of this port only, each "name = value".</param>
    /// <returns>The port.</returns>
    public int Smtpd(params IEnumerable<string> overrides)
    {
        int port = FreePort.Next();
        _ports.Add(port);
        _master.Append(CultureInfo.InvariantCulture, $"{port} inet n - n - - smtpd\n");
        foreach (string setting in overrides)
        {
            _master.Append(CultureInfo.InvariantCulture, $"  -o {{ {setting} }}\n");
        }

        return port;
    }

    /// <summary>Adds an smtpd(8) that asks a policy server about each recipient it would relay to.</summary>
    /// <param name="policyServer">As check_policy_service takes it: "inet:127.0.0.1:10040" or "unix:/path".</param>
    /// <param name="overrides">Further parameters of this port, each "name = value".</param>
    /// <returns>The port.</returns>
    public int SmtpdAsking(string policyServer, params IEnumerable<string> overrides) => Smtpd(
        [$"smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service {policyServer}", .. overrides]);

    /// <summary>Writes the configuration, starts Postfix, and waits until a port answers: master(8) opens all before it serves one.</summary>
    /// <exception cref="InvalidOperationException">Postfix refused to start; the message holds what it said.</exception>
    /// <exception cref="TimeoutException">A port did not answer in time.</exception>
    public Task<PostfixInstance> StartAsync() => PostfixInstance.StartAsync(MainCf, MasterCf, [.. _ports.Take(1)]);

    private string MainCf(string folder) => $$"""
        compatibility_level = 3.6
        queue_directory = {{folder}}/spool
        data_directory = {{folder}}/data
        maillog_file = {{folder}}/{{PostfixInstance.LogName}}
        maillog_file_prefixes = {{folder}}
        syslog_name = postfix-test
        myhostname = mx.mta.test
        myorigin = $myhostname
        mydestination =
        local_recipient_maps =
        alias_maps =
        alias_database =
        relay_domains = {{RelayDomain}}
        relay_recipient_maps =
        transport_maps = {{(_transports.Count == 0 ? "" : $"inline:{{ {string.Join(", ", _transports)} }}")}}
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 192.0.2.0/24
        smtpd_relay_restrictions =
        smtpd_recipient_restrictions = reject_unauth_destination
        smtpd_error_sleep_time = 0
        smtpd_soft_error_limit = 100000
        smtpd_hard_error_limit = 1000000
        smtpd_junk_command_limit = 1000000
        smtpd_client_connection_count_limit = 0
        minimal_backoff_time = 1s
        queue_run_delay = 1s
        in_flow_delay = 0
        {{_main}}
        """;

    private string MasterCf() => $"""
        {_master}
        pickup    unix  n       -       n       60      1       pickup
        cleanup   unix  n       -       n       -       0       cleanup
        qmgr      unix  n       -       n       300     1       qmgr
        tlsmgr    unix  -       -       n       1000?   1       tlsmgr
        rewrite   unix  -       -       n       -       -       trivial-rewrite
        bounce    unix  -       -       n       -       0       bounce
        defer     unix  -       -       n       -       0       bounce
        trace     unix  -       -       n       -       0       bounce
        verify    unix  -       -       n       -       1       verify
        flush     unix  n       -       n       1000?   0       flush
        proxymap  unix  -       -       n       -       -       proxymap
        smtp      unix  -       -       n       -       -       smtp
        relay     unix  -       -       n       -       -       smtp
        error     unix  -       -       n       -       -       error
        retry     unix  -       -       n       -       -       error
        discard   unix  -       -       n       -       -       discard
        anvil     unix  -       -       n       -       1       anvil
        scache    unix  -       -       n       -       1       scache
        postlog   unix-dgram n  -       n       -       1       postlogd

        """;
}
