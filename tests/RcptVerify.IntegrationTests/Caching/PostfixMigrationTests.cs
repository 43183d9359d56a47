using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>Moving over from the cache of Postfix's own verify(8), as README.md says it, while that Postfix runs.</summary>
public sealed class PostfixMigrationTests
{
    private const string Good = $"good@{StoredDaemon.Known}";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_lines_of_the_README_take_over_the_map_of_a_running_Postfix()
    {
        await using SmtpSink behind = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        PostfixBuilder builder = new();
        builder.Deliver(StoredDaemon.Known, behind.Port)
            .Main("address_verify_map = btree:$data_directory/verify_cache")
            .Main("address_verify_poll_delay = 1s");
        int port = builder.Smtpd("smtpd_recipient_restrictions = reject_unauth_destination, reject_unverified_recipient");
        await using PostfixInstance postfix = await builder.StartAsync();
        await using (TestSmtpClient client = await TestSmtpClient.ConnectAsync(port))
        {
            await client.EhloAsync();
            await client.MailAsync();
            Assert.Equal(250, (await client.RcptAsync(Good)).Code);
        }

        // verify(8) lives on, and keeps its file locked: without the copy, postmap waits for it.
        await using StoredDaemon stored = await StoredDaemon.CreateAsync();
        await using DaemonProcess daemon = await stored.ServeAsync();
        string bin = stored.Folder.CreateFolder("bin");
        WriteProgram(bin, "postconf", $"exec /usr/sbin/postconf -c '{postfix.ConfigDirectory}' \"$@\"");
        WriteProgram(bin, "postmap", $"exec /usr/sbin/postmap -c '{postfix.ConfigDirectory}' \"$@\"");
        WriteProgram(bin, "rcptverify", $"exec '{DaemonProcess.Executable}' \"$@\" -c '{stored.ConfigurationFile}'");
        string script = stored.Folder.Write("migrate.sh", $"PATH={bin}:$PATH\n{ReadMeLines()}");

        (int exitCode, string output) = await ChildProcess.RunAsync("sh", ["-e", script], Patience);

        Assert.True(exitCode == 0, output);
        Assert.Contains("1 taken; left out: 0 known better, 0 not deliverable", output, StringComparison.Ordinal);
        Assert.Contains("0 unreadable", output, StringComparison.Ordinal);
        await stored.AskAsync(Good);
        Assert.Equal(0, stored.Probes);
    }

    /// <summary>The shell lines below the heading.</summary>
    private static string ReadMeLines()
    {
        string page = RepositoryFile.Read("README.md");
        string chapter = page[page.IndexOf("**Moving over from Postfix's", StringComparison.Ordinal)..];
        int begin = chapter.IndexOf("```sh\n", StringComparison.Ordinal) + "```sh\n".Length;
        return chapter[begin..chapter.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    private static void WriteProgram(string folder, string name, string line)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
