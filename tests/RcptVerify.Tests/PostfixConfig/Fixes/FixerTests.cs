using System.Diagnostics;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Fixes;

public sealed class FixerTests
{
    [Fact]
    public void Repairs_that_touch_each_other_are_made_in_turn() => Assert.Equal(
        "x = 3\n",
        Mend("x = 1\n", text => text switch
        {
            "x = 1\n" => [(4, 5, "2", Severity.Notice), (4, 5, "9", Severity.Notice)],
            "x = 2\n" => [(4, 5, "3", Severity.Notice)],
            _ => [],
        }));

    [Fact]
    public void Repairs_of_different_places_are_made_at_once() =>
        Assert.Equal("y = 1\nb\n", Mend("x = 1\na\nb\n", text => text.StartsWith('x') ? [(0, 1, "y", Severity.Notice), (6, 8, "", Severity.Notice)] : []));

    [Fact]
    public void A_round_that_brings_more_errors_is_taken_back() => Assert.Equal(
        "x = 1\n",
        Mend("x = 1\n", text => text == "x = 1\n" ? [(4, 5, "2", Severity.Warning)] : [(0, 0, "", Severity.Error), (0, 0, "", Severity.Error)]));

    [Fact]
    public void Repairs_that_never_end_are_ended() =>
        Assert.Equal(5 + Fixer.MaxRounds, Mend("x = 1", text => [(text.Length, text.Length, "1", Severity.Notice)]).Length);

    [Fact]
    public void A_file_is_replaced_whole_with_its_mode_and_the_old_one_is_kept()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "x = 1\n");
        string path = folder.Combine("main.cf");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        SourceFile file = new("main.cf", "x = 1\n") { Path = path };

        Assert.Equal((path + ".bak", null), FileReplacement.Write(file, "x = ä\n"));
        Assert.Equal((path + ".bak.1", null), FileReplacement.Write(file with { Text = "x = ä\n" }, "x = 3\n"));

        Assert.Equal(["x = 3\n", "x = 1\n", "x = ä\n"], new[] { path, path + ".bak", path + ".bak.1" }.Select(File.ReadAllText));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }

    /// <summary>Root may give a file to anybody, others to a group of theirs.</summary>
    [Fact]
    public async Task Owner_and_group_are_kept_and_the_backup_has_them_too()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "x = 1\n");
        string path = folder.Combine("main.cf");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        string owner = Environment.IsPrivilegedProcess
            ? "12345:54321"
            : $"{(await Run("id", "-u")).Trim()}:{(await Run("id", "-G")).Trim().Split(' ')[^1]}";
        await Run("chown", owner, path);

        Assert.Null(FileReplacement.Write(new SourceFile("main.cf", "x = 1\n") { Path = path }, "x = 2\n").Error);

        Assert.Equal($"{owner} 640\n", await Run("stat", "-c", "%u:%g %a", path));
        Assert.Equal($"{owner} 640\n", await Run("stat", "-c", "%u:%g %a", path + ".bak"));
    }

    [Theory]
    [InlineData(7u, 8u, 0b110_100_000, null)]
    [InlineData(0u, 8u, 0b110_100_100, "it belongs to user 7, and only root can keep that")]
    [InlineData(7u, 0u, 0b110_100_000, "it belongs to group 8, and only its members and root can keep that")]
    [InlineData(7u, 0u, 0b110_100_100, null)]
    public void A_file_whose_owner_would_be_lost_is_not_replaced(uint user, uint group, int mode, string? loss) =>
        Assert.Equal(loss, new FileOwner(7, 8).LossTo(new FileOwner(user, group), (UnixFileMode)mode));

    [Fact]
    public void A_byte_order_mark_is_a_part_of_the_text_and_stays()
    {
        using TempFolder folder = new();
        string path = folder.Combine("main.cf");
        File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. "x = 1\n"u8]);

        Assert.Null(FileReplacement.Write(new SourceFile("main.cf", BoundedFile.ReadText(path, 100)) { Path = path }, "\uFEFFx = 2\n").Error);

        Assert.Equal([0xEF, 0xBB, 0xBF, .. "x = 2\n"u8], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        using TempFolder folder = new();
        folder.Write("real.cf", "x = 1\n");
        File.CreateSymbolicLink(folder.Combine("main.cf"), folder.Combine("real.cf"));

        (string? backup, string? error) = FileReplacement.Write(new SourceFile("main.cf", "x = 1\n") { Path = folder.Combine("main.cf") }, "x = 2\n");

        Assert.Equal((folder.Combine("real.cf.bak"), null), (backup, error));
        Assert.NotNull(new FileInfo(folder.Combine("main.cf")).LinkTarget);
        Assert.Equal("x = 2\n", File.ReadAllText(folder.Combine("real.cf")));
    }

    [Fact]
    public void A_file_that_changed_meanwhile_or_is_not_UTF_8_is_left_alone()
    {
        using TempFolder folder = new();
        string path = folder.Combine("main.cf");
        File.WriteAllBytes(path, [(byte)'x', (byte)'=', 0xE9]);

        (string? backup, string? error) = FileReplacement.Write(new SourceFile("main.cf", File.ReadAllText(path)) { Path = path }, "x = 2\n");

        Assert.Null(backup);
        Assert.Contains("not UTF-8", error, StringComparison.Ordinal);
        Assert.Equal(3, new FileInfo(path).Length);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>Runs the fixer with a check that says what to replace: from, to, by what, and how bad it was.</summary>
    private static string Mend(string main, Func<string, (int Start, int End, string Replacement, Severity Severity)[]> check)
    {
        Lint lint = new();
        return Fixer.Run(PostfixConfiguration.Parse(main), Report).Configuration.Files[0].Text;

        LintReport Report(PostfixConfiguration configuration) => new()
        {
            Configuration = configuration,
            Range = lint.Range,
            Profile = lint.Options.Profile,
            Role = null,
            Suppressed = [],
            Known = [],
            Findings =
            [
                .. check(configuration.Files[0].Text).Select(edit => new Finding
                {
                    Rule = "RV-DEP-003",
                    Severity = edit.Severity,
                    Message = "m",
                    Edits = edit.Severity == Severity.Error ? [] : [new TextEdit(configuration.Files[0], edit.Start, edit.End, edit.Replacement)],
                }),
            ],
        };
    }
}
