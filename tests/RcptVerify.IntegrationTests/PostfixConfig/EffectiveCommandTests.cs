using System.Text.Json;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.PostfixConfig;

/// <summary><c>effective</c> as its users call it.</summary>
public sealed class EffectiveCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_service_is_told_with_the_lines_that_decide()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "smtpd_tls_cert_file = /x.pem\nsmtpd_tls_security_level = may\nsmtpd_tls_protocols = TLSv1.2\nsmtp_tls_security_level = encrypt\n");
        folder.Write("master.cf", "25 inet n - n - - smtpd\n587 inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\nsmtp unix - - n - - smtp\n");

        (int exitCode, string output) = await RunAsync(folder.Path, "--json", "--postfix", "3.7", "--openssl", "3.0");

        Assert.Equal(0, exitCode);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement[] services = [.. document.RootElement.GetProperty("services").EnumerateArray()];
        Assert.Equal(["25/inet smtpd may on TLSv1.2", "587/inet smtpd encrypt on TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "smtp/unix smtp encrypt on TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"], services.Select(Line));
        Assert.Equal("main.cf:3", services[0].GetProperty("sources").GetProperty("smtpd_tls_protocols").GetString());
        Assert.Equal("master.cf:3", services[1].GetProperty("sources").GetProperty("smtpd_tls_security_level").GetString());
        Assert.True(services[1].GetProperty("authOnly").GetBoolean());
    }

    [Fact]
    public async Task What_Postfix_does_not_take_is_named_with_its_place_and_nothing_is_made_up()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "smtpd_tls_security_level = may\nforgotten\n");
        folder.Write("master.cf", "25 inet n\n");

        (int exitCode, string output) = await RunAsync(folder.Path);

        Assert.Equal(2, exitCode);
        Assert.Contains("main.cf:2:10: a name without \"=\": forgotten", output, StringComparison.Ordinal);
        Assert.Contains("master.cf:1:1: a service has eight fields: 25 inet n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("level", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_configuration_are_refused()
    {
        using TempFolder folder = new();
        byte[] junk = new byte[100_000];
        new Random(1).NextBytes(junk);
        await File.WriteAllBytesAsync(folder.Combine("main.cf"), junk);

        (int exitCode, string output) = await RunAsync(folder.Path);

        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(DaemonProcess.Executable, ["effective", .. arguments], Patience);

    private static string Line(JsonElement service) =>
        $"{service.GetProperty("service")} {service.GetProperty("daemon")} {service.GetProperty("level")} {service.GetProperty("tls")} " +
        string.Join(' ', service.GetProperty("protocols").EnumerateArray());
}
