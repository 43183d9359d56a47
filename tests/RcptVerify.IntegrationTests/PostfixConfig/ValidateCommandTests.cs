using System.Text.Json;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary><c>validate</c> as its users call it.</summary>
public sealed class ValidateCommandTests
{
    private const string NoTls = "smtp_tls_security_level = may\nsmtp_tls_protocols = TLSv1.2, !TLSv1.2\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_finding_fails_the_check_and_says_where_it_is()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", NoTls);

        (int exitCode, string output) = await RunAsync(folder.Path, "--postfix", "3.9");

        Assert.Equal(1, exitCode);
        Assert.Contains("main.cf:2:22: error:", output, StringComparison.Ordinal);
        Assert.Contains("[RV-PRO-006]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_configuration_is_fine_for_an_up_to_date_Postfix()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "compatibility_level = 3.11\n");

        (int exitCode, _) = await RunAsync(folder.Path, "--postfix", "3.11");

        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task The_fail_level_decides_the_exit_code_and_severities_can_be_set()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", NoTls);
        folder.Write("s.toml", "[severity]\nRV-PRO-006 = \"notice\"\n");
        string[] common = [folder.Path, "--postfix", "3.9", "--severities", folder.Combine("s.toml")];

        Assert.Equal(1, (await RunAsync([.. common, "--fail-level", "notice"])).ExitCode);
        Assert.Equal(0, (await RunAsync([.. common, "--fail-level", "none"])).ExitCode);
    }

    [Fact]
    public async Task An_earlier_report_is_a_baseline()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", NoTls);
        (_, string report) = await RunAsync(folder.Path, "--format", "json", "--postfix", "3.9");
        folder.Write("known.json", report);
        folder.Write("main.cf", "# a new line\n" + NoTls);

        (int exitCode, string output) = await RunAsync(folder.Path, "--format", "json", "--postfix", "3.9", "--baseline", folder.Combine("known.json"), "--fail-level", "notice");

        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal((0, 0), (exitCode, document.RootElement.GetProperty("findings").GetArrayLength()));
        Assert.NotEqual(0, document.RootElement.GetProperty("summary").GetProperty("baseline").GetInt32());
    }

    [Fact]
    public async Task What_postconf_prints_can_come_from_standard_input()
    {
        using TempFolder folder = new();
        folder.Write("postconf", NoTls + "smtp unix - - n - - smtp\n");
        string command = $"'{DaemonProcess.Executable}' validate - --postfix 3.9 --format json < '{folder.Combine("postconf")}'";
        (_, string output) = await ChildProcess.RunAsync("/bin/sh", ["-c", command], Patience);

        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Contains(document.RootElement.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("rule").GetString() == "RV-PRO-006" && finding.GetProperty("file").GetString() == "-");
    }

    [Theory]
    [InlineData("validate - < /dev/null", "standard input: it is empty")]
    [InlineData("validate '{0}/report.json'", "this is no main.cf")]
    [InlineData("validate '{0}'", "it is empty")]
    public async Task What_is_no_configuration_gets_one_line_and_no_findings(string command, string message)
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "");
        folder.Write("report.json", "{ \"findings\": [] }\n");
        string line = $"'{DaemonProcess.Executable}' {command.Replace("{0}", folder.Path, StringComparison.Ordinal)}";

        (int exitCode, string output) = await ChildProcess.RunAsync("/bin/sh", ["-c", line], Patience);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_from_here_is_what_annotations_name()
    {
        using TempFolder folder = new();
        folder.CreateFolder("postfix");
        folder.Write("postfix/main.cf", NoTls);
        string line = $"cd '{folder.Path}' && '{DaemonProcess.Executable}' validate postfix --postfix 3.9 --format github";

        (_, string output) = await ChildProcess.RunAsync("/bin/sh", ["-c", line], Patience);

        Assert.Contains("file=postfix/main.cf,line=2,", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--postfix", "4.0")]
    [InlineData("--openssl", "x")]
    [InlineData("--platform", "beos")]
    [InlineData("--role", "boss")]
    [InlineData("--profile", "none")]
    [InlineData("--format", "xml")]
    [InlineData("--fail-level", "fatal")]
    [InlineData("--baseline", "/nonexistent/baseline.json")]
    [InlineData("--severities", "/nonexistent/severities.toml")]
    [InlineData("--tlsa", "/nonexistent/tlsa")]
    [InlineData("--root", "/nonexistent/root")]
    public async Task A_wrong_option_is_explained(string option, string value)
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "");

        (int exitCode, string output) = await RunAsync(folder.Path, option, value);

        Assert.Equal(2, exitCode);
        Assert.Contains(value, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_option_is_named_without_what_it_would_do_to_a_terminal()
    {
        (int exitCode, string output) = await RunAsync("--b\u001b[31mad");

        Assert.Equal(2, exitCode);
        Assert.Contains("ad", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_no_defect_of_ours()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", NoTls);

        (int exitCode, string output) = await ChildProcess.RunAsync("/bin/sh", ["-c", $"'{DaemonProcess.Executable}' validate '{folder.Path}' > /dev/full"], Patience);

        Assert.Equal(3, exitCode);
        Assert.Contains("the answer cannot be written", output, StringComparison.Ordinal);
        Assert.DoesNotContain("report it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_configuration_give_findings_and_no_crash()
    {
        using TempFolder folder = new();
        byte[] junk = new byte[100_000];
        new Random(1).NextBytes(junk);
        await File.WriteAllBytesAsync(folder.Combine("main.cf"), junk);
        await File.WriteAllBytesAsync(folder.Combine("master.cf"), junk);

        (int exitCode, string output) = await RunAsync(folder.Path);

        Assert.True(exitCode is 0 or 1, output);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(DaemonProcess.Executable, ["validate", .. arguments], Patience);
}
