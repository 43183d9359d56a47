using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Avr;
using RcptVerify.PostfixConfig.Rules.Net;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>Where rules on networks and on verification find an error, a real Postfix goes wrong, and nowhere else.</summary>
public sealed class RuleAgreementTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Networks of IPv4, and what is none: a client of 127.0.0.1 makes Postfix look at each.
    private static readonly string[] Networks =
    [
        "10.0.0.0/8", "10.1.2.3/8", "10.0.0.0/255.0.0.0", "10/8", "10.0/8", "10.0.0/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/32", "10.0.0.1/31",
        "10.0.0.1", "10.0.0", "300.0.0.0/8", "[10.0.0.0]/8", "[10.0.0.0/8]", "[10.0.0.0", "[10.0.0.0/8", "[10.0.0.0]8", "2001:db8::/32", "fe80::1",
        "[2001:db8::]/32", "[::1]", "!10.0.0.0/8", "!10.1.2.3/8", "example.com", "localhost", "1.de", "10.0.0.0/8x", "172.16.0.0/12", "0.0.0.1/0",
    ];

    private static readonly string[][] Restrictions =
    [
        ["smtpd_recipient_restrictions = reject_unverified_recipient, reject_unauth_destination"],
        ["smtpd_recipient_restrictions = reject_unauth_destination, reject_unverified_recipient"],
        ["smtpd_recipient_restrictions = reject_unverified_recipient", "smtpd_relay_restrictions = defer_unauth_destination"],
        [
            "smtpd_recipient_restrictions = reject_unverified_recipient", "smtpd_relay_restrictions = defer_unauth_destination",
            "smtpd_relay_before_recipient_restrictions = no",
        ],
        ["smtpd_recipient_restrictions = permit, reject_unverified_recipient", "smtpd_relay_restrictions = reject_unauth_destination"],
        [
            "smtpd_recipient_restrictions = warn_if_reject reject_unauth_destination, reject_unverified_recipient",
            "smtpd_relay_restrictions = reject_unauth_destination", "smtpd_relay_before_recipient_restrictions = no",
        ],
        ["smtpd_restriction_classes = ours", "ours = reject_unverified_recipient", "smtpd_recipient_restrictions = ours, reject_unauth_destination"],
        ["smtpd_restriction_classes = ours", "ours = permit", "smtpd_recipient_restrictions = ours, reject_unverified_recipient, reject_unauth_destination"],
        ["smtpd_sender_restrictions = reject_unverified_recipient", "smtpd_recipient_restrictions = reject_unauth_destination"],
        [
            "smtpd_delay_reject = no", "smtpd_sender_restrictions = reject_unverified_recipient", "smtpd_recipient_restrictions = reject_unauth_destination",
        ],
        ["smtpd_client_restrictions = permit_sasl_authenticated, reject", "smtpd_recipient_restrictions = reject_unverified_recipient, reject_unauth_destination"],
        ["smtpd_recipient_restrictions = permit_mynetworks, reject_unverified_recipient, reject_unauth_destination"],
        ["smtpd_recipient_restrictions = check_client_access static:DUNNO, static:DUNNO, reject_unverified_recipient, reject_unauth_destination"],
        ["smtpd_recipient_restrictions = defer_if_permit, reject_unverified_recipient, reject_unauth_destination"],
    ];

    [Fact]
    public async Task A_network_that_is_an_error_makes_lookups_fail_and_no_other_does()
    {
        PostfixBuilder builder = new();
        int[] ports = [.. Networks.Select(network => builder.Smtpd(
            $"mynetworks = {network}", "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination", "max_idle = 1s"))];
        await using PostfixInstance postfix = await builder.StartAsync();
        Dictionary<string, string> real = [];
        for (int at = 0; at < ports.Length; at++)
            real[Networks[at]] = await AnswerAsync(postfix, ports[at], "anybody@lab.test") == 451 ? "fails" : "works";
        Assert.Equal(
            real.Select(pair => $"{pair.Key} {pair.Value}"),
            Networks.Select(network => $"{network} {(Errors<Net004TrustedNetworks>($"mynetworks = {network}", null).Any(IsUnreadable) ? "fails" : "works")}"));
    }

    [Fact]
    public async Task An_address_that_begins_with_a_colon_keeps_the_server_from_starting()
    {
        PostfixBuilder builder = new();
        builder.Smtpd();
        int port = builder.Smtpd("mynetworks = ::1/128");
        await using PostfixInstance postfix = await builder.StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await postfix.WaitForLogAsync("smtpd.*fatal: open dictionary", Patience);
        Assert.Contains("does not start", Assert.Single(Errors<Net004TrustedNetworks>("mynetworks = ::1/128", null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_have_foreign_addresses_probed_where_the_rule_says_so_and_nowhere_else()
    {
        PostfixBuilder builder = new();
        builder.Main("default_transport = relay:[127.0.0.1]:" + FreePort.Next().ToString(CultureInfo.InvariantCulture))
            .Main("address_verify_poll_delay = 1s").Main("address_verify_poll_count = 20");
        int[] ports = [.. Restrictions.Select(settings => builder.Smtpd(settings))];
        await using PostfixInstance postfix = await builder.StartAsync();
        List<string> real = [];
        List<string> said = [];
        for (int at = 0; at < ports.Length; at++)
        {
            string recipient = $"u{at.ToString(CultureInfo.InvariantCulture)}@foreign.test";
            await AnswerAsync(postfix, ports[at], recipient);
            string settings = string.Join("; ", Restrictions[at]);
            // smtpd(8) has waited for the probe's end before it answered.
            bool probed = postfix.ReadLog().Split('\n').Any(line => line.Contains($"to=<{recipient}>", StringComparison.Ordinal) && line.Contains("status=", StringComparison.Ordinal));
            real.Add($"{settings}: {probed}");
            string main = "compatibility_level = 3.6\nmynetworks = 192.0.2.0/24\nsmtpd_relay_restrictions =\n" + string.Join('\n', Restrictions[at]);
            said.Add($"{settings}: {Errors<Avr001ProbesForStrangers>(main, "25 inet n - n - - smtpd\n").Count > 0}");
        }

        Assert.Equal(real, said);
    }

    private static bool IsUnreadable(Finding finding) => finding.Message.Contains("lookups fail", StringComparison.Ordinal);

    private static List<Finding> Errors<TRule>(string main, string? master)
        where TRule : PostfixRule, new() =>
        [
            .. Linter.Run(
                [new TRule()],
                PostfixConfiguration.Parse(main + "\n", master),
                TargetRange.Of(Target.Of(new PostfixVersion(3, 7))),
                new LintOptions()).Where(finding => finding.Severity == Severity.Error),
        ];

    /// <summary>The code at RCPT, or that of an earlier refusal.</summary>
    private static async Task<int> AnswerAsync(PostfixInstance postfix, int port, string recipient)
    {
        try
        {
            await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
            await client.EhloAsync();
            SmtpAnswer mail = await client.MailAsync();
            return mail.Code == 250 ? (await client.RcptAsync(recipient)).Code : mail.Code;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no answer on port {port}:\n{postfix.ReadLog()}");
        }
    }
}
