using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Syn;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary>What RV-SYN-003 says of restriction lists and of ranges, against a real Postfix 3.7.</summary>
public sealed class RestrictionAgreementTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Lists =
    [
        "permit_mynetwork, reject_unauth_destination", "permit_mynetworks, reject_unauth_destination", "Permit_MyNetworks, Reject_Unauth_Destination",
        "reject_unauth_destination, reject_unverified_recipent", "reject_unauth_destination, permit, reject_unverified_recipent",
        "reject_unauth_destination, check_client_access", "reject_unauth_destination, check_client_access permit", "reject_unauth_destination, check_client_access static:DUNNO",
        "static:DUNNO, reject_unauth_destination", "reject_unauth_destination, check_policy_service",
        "reject_unauth_destination, sleep 0", "reject_unauth_destination, permit_auth_destination; permit", "check_sasl_access static:DUNNO, reject_unauth_destination",
        "reject_sender_login_mismatch, reject_unauth_destination", "reject_maps_rbl, reject_unauth_destination", "check_recipient_maps, reject_unauth_destination",
        "reject_unauth_destination, reject_unlisted_recipients", "reject_unauth_destination, reject_rbl_client", "permit_auth_destination, reject, nonsense",
        "reject_unauth_destination, warn_if_reject nonsense, permit",
    ];

    private static readonly string[] Numbers =
    [
        "unverified_recipient_reject_code = 55", "unverified_recipient_reject_code = 200", "unverified_recipient_reject_code = 599", "unverified_recipient_reject_code = 600",
        "unverified_recipient_defer_code = 500", "unverified_sender_reject_code = 199", "reject_code = 55", "address_verify_poll_count = 0", "address_verify_poll_delay = 0s",
        "smtpd_timeout = 0", "smtpd_timeout = 1", "smtpd_hard_error_limit = 0", "smtpd_hard_error_limit = -1", "smtpd_client_connection_rate_limit = -1",
        "smtpd_recipient_limit = 0", "line_length_limit = 511", "line_length_limit = 512", "smtpd_sasl_response_limit = 100", "max_idle = 0", "message_size_limit = 0",
        "in_flow_delay = 11", "in_flow_delay = 10", "delay_logging_resolution_limit = 7", "smtpd_starttls_timeout = 0d",
    ];

    [Fact]
    public async Task A_word_that_is_an_error_is_answered_with_a_server_error_and_no_other_is()
    {
        PostfixBuilder builder = new();
        int[] ports = [.. Lists.Select(list => builder.Smtpd($"smtpd_recipient_restrictions = {list}"))];
        await using PostfixInstance postfix = await builder.StartAsync();
        List<string> real = [];
        for (int at = 0; at < ports.Length; at++)
        {
            real.Add($"{Lists[at]}: {await CodeAsync(postfix, ports[at]) == 451}");
        }

        Assert.Equal(real, Lists.Select(list => $"{list}: {HasError($"smtpd_recipient_restrictions = {list}")}"));
    }

    [Fact]
    public async Task A_code_that_does_not_refuse_is_replaced_by_450()
    {
        PostfixBuilder builder = new();
        int[] ports = [.. new[] { "55", "399", "400", "599", "600" }.Select(code => builder.Smtpd($"reject_code = {code}", "smtpd_recipient_restrictions = reject"))];
        await using PostfixInstance postfix = await builder.StartAsync();
        List<int> codes = [];
        foreach (int port in ports)
            codes.Add(await CodeAsync(postfix, port));
        Assert.Equal([450, 450, 400, 599, 450], codes);
    }

    [Theory]
    [InlineData("smtpd_recipient_restrictions = reject, check_policy_service private/p", "need service transport:endpoint")]
    [InlineData("smtpd_restriction_classes = ours", "restriction class `ours' needs a definition")]
    public async Task What_is_said_to_keep_the_server_from_starting_does(string setting, string fatal)
    {
        PostfixBuilder builder = new();
        builder.Smtpd();
        int port = builder.Smtpd(setting);
        await using PostfixInstance postfix = await builder.StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await postfix.WaitForLogAsync("smtpd.*fatal: " + Regex.Escape(fatal), Patience);
        Assert.True(HasError(setting));
    }

    [Fact]
    public async Task A_number_that_is_an_error_ends_the_server_and_no_other_does()
    {
        PostfixBuilder builder = new();
        builder.Smtpd();
        int[] ports = [.. Numbers.Select(number => builder.Smtpd(number))];
        await using PostfixInstance postfix = await builder.StartAsync();
        List<string> real = [];
        for (int at = 0; at < ports.Length; at++)
            real.Add($"{Numbers[at]}: {!await GreetsAsync(postfix, ports[at], Numbers[at])}");
        Assert.Equal(real, Numbers.Select(number => $"{number}: {HasError(number)}"));
    }

    private static async Task<int> CodeAsync(PostfixInstance postfix, int port)
    {
        try
        {
            await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
            await client.EhloAsync();
            SmtpAnswer answer = await client.MailAsync();
            return answer.Code == 250 ? (await client.RcptAsync("anybody@lab.test")).Code : answer.Code;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no answer on port {port}:\n{postfix.ReadLog()}");
        }
    }

    private static async Task<bool> GreetsAsync(PostfixInstance postfix, int port, string setting)
    {
        string name = setting[..setting.IndexOf(' ', StringComparison.Ordinal)];
        int before = Fatal(postfix, name);
        Task<TestSmtpClient> greeting = TestSmtpClient.ConnectAsync(port);
        Task ended = Eventually.HoldsAsync(() => greeting.IsCompleted || Fatal(postfix, name) > before, $"a greeting or an end because of {setting}", Patience, postfix.ReadLog);
        await ended;
        if (!greeting.IsCompletedSuccessfully)
        {
            _ = greeting.ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return false;
        }

        await (await greeting).DisposeAsync();
        return true;
    }

    private static int Fatal(PostfixInstance postfix, string name) => postfix.ReadLog().Split('\n').Count(line =>
        line.Contains("fatal: invalid", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal));

    private static bool HasError(string main) => Linter.Run(
        [new Syn003WrongType()],
        PostfixConfiguration.Parse(main + "\n", "25 inet n - n - - smtpd\n"),
        TargetRange.Of(Target.Of(new PostfixVersion(3, 7))),
        new LintOptions()).Any(finding => finding.Severity == Severity.Error);
}
