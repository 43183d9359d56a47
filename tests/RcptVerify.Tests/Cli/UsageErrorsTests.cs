using RcptVerify.Cli;
using Xunit;

namespace RcptVerify.Tests.Cli;

/// <summary>What somebody reads who mistyped a command line.</summary>
public sealed class UsageErrorsTests
{
    [Theory]
    [InlineData("serv", "'rcptverify' has no command \"serv\", did you mean \"serve\"?")]
    [InlineData("cache lst", "'rcptverify cache' has no command \"lst\", did you mean \"list\"?")]
    [InlineData("cache zebra", "'rcptverify cache' has no command \"zebra\"; the commands are list, get, put, delete, purge, stats, export, import")]
    [InlineData("cache", "'rcptverify cache' needs a command: the commands are list, get, put, delete, purge, stats, export, import")]
    [InlineData("--verion", "'rcptverify' has no option --verion, did you mean --version?")]
    [InlineData("serve --verison", "'rcptverify serve' has no option --verison, did you mean --version?")]
    [InlineData("probe --sever x a@b.example", "'rcptverify probe' has no option --sever, did you mean --server?")]
    [InlineData("probe a@b.example --sever=x", "'rcptverify probe' has no option --sever, did you mean --server?")]
    [InlineData("validate --frmat json", "'rcptverify validate' has no option --frmat, did you mean --format?")]
    [InlineData("cache get --jsn a@b.example", "'rcptverify cache get' has no option --jsn, did you mean --json?")]
    [InlineData("explain --zebra", "'rcptverify explain' has no option --zebra")]
    [InlineData("serve -x", "'rcptverify serve' has no option -x")]
    [InlineData("-c FILE serve", "-c belongs behind the command: 'rcptverify serve -c'")]
    [InlineData("cache --json list", "--json belongs behind the command: 'rcptverify cache list --json'")]
    [InlineData("cache list x", "\"x\": 'rcptverify cache list' takes no argument")]
    [InlineData("cache put a@b.example c@d.example --status deliverable", "\"c@d.example\": 'rcptverify cache put' takes no further argument")]
    [InlineData("cache put a@b.example", "'rcptverify cache put' needs --status S: deliverable or undeliverable")]
    [InlineData("cache list --limit", "--limit needs a value: N")]
    [InlineData("cache list --limit 3 --limit 4", "--limit is given more than once")]
    [InlineData("cache list --limit x", "--limit x: expected a whole number from 0 to 2147483647")]
    [InlineData("cache list --limit -1", "--limit -1: expected a whole number from 0 to 2147483647")]
    [InlineData("cache list --status dliverable", "--status dliverable: expected deliverable, undeliverable, unknown, did you mean \"deliverable\"?")]
    [InlineData("cache import --format xml", "--format xml: expected json, postfix")]
    [InlineData("cache get alice", "alice: not an address: an address needs a local part, an @ and a domain")]
    [InlineData("cache delete a@b.example bob", "bob: not an address: an address needs a local part, an @ and a domain")]
    [InlineData("cache put @b.example --status deliverable", "@b.example: not an address: an address needs a local part, an @ and a domain")]
    public void Each_mistake_is_named_in_one_line_with_what_was_meant(string line, string error) => Assert.Equal([error], Of(line));

    [Fact]
    public void All_that_is_missing_is_named() => Assert.Equal(
        [
            "'rcptverify calibrate' needs --server HOST:PORT: the server to measure",
            "'rcptverify calibrate' needs --known-good ADDRESS: an address that exists there",
        ],
        Of("calibrate"));

    [Theory]
    [InlineData("serve --version")]
    [InlineData("cache put --help")]
    [InlineData("serve -c FILE --route a.example=b --route=c.example=d")]
    [InlineData("cache get @b.example")] // Postfix asks about the empty local part
    [InlineData("probe -- --odd@b.example")]
    [InlineData("probe -odd@b.example")]
    [InlineData("validate -")]
    [InlineData("cache list --token=--odd")]
    [InlineData("cache list --limit 0 --status unknown")]
    public void What_is_right_is_left_alone(string line) => Assert.Empty(Of(line));

    [Fact]
    public void A_hostile_word_is_shown_escaped()
    {
        Assert.DoesNotContain('\u001b', Assert.Single(Of("\u001b[2Jserve")));
        Assert.DoesNotContain('\u001b', Assert.Single(Of("cache list --limit \u001b[2J")));
        Assert.DoesNotContain('\u001b', Assert.Single(Of("serve --\u001b[2J")));
    }

    [Fact]
    public void Every_command_names_an_option_that_it_does_not_have()
    {
        List<string[]> commands = [];
        Collect(CommandLine.Parse([]).RootCommandResult.Command, []);
        Assert.True(commands.Count > 15);
        foreach (string[] words in commands)
        {
            string path = string.Join(' ', ["rcptverify", .. words]);
            Assert.Equal([$"'{path}' has no option --zebra"], Of([.. words, "--zebra"]));
            Assert.Equal([$"'{path}' has no option --hlp, did you mean --help?"], Of([.. words, "--hlp", "x"]));
        }

        void Collect(System.CommandLine.Command command, string[] words)
        {
            commands.Add(words);
            foreach (System.CommandLine.Command sub in command.Subcommands)
                Collect(sub, [.. words, sub.Name]);
        }
    }

    [Fact]
    public void White_space_is_refused_in_an_address_to_put_but_can_be_deleted()
    {
        Assert.Equal(["a b@c.example: not an address: it has white space"], Of(["cache", "put", "a b@c.example", "--status", "deliverable"]));
        Assert.Empty(Of(["cache", "delete", "a b@c.example"]));
    }

    private static IReadOnlyList<string> Of(string line) => Of(line.Split(' '));

    private static IReadOnlyList<string> Of(string[] args) => UsageErrors.Of(CommandLine.Parse(args), args);
}
