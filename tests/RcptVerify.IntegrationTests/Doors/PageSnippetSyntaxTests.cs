using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>What the pages of <c>config/postfix</c> tell their readers to write is what Postfix reads, and it finds no fault with it.</summary>
public sealed class PageSnippetSyntaxTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names { get; } = [.. PageSnippet.All.Select(snippet => snippet.Name)];

    [Fact]
    public void Every_door_has_a_page_and_every_piece_of_code_says_what_it_is()
    {
        Assert.All(["milter.md 1", "policy.md 1", "policy.md 2", "socketmap.md 1", "README.md 1"], name => Assert.Contains(name, PageSnippet.All.Select(s => s.Name)));
        Assert.All(
            Directory.GetFiles(RepositoryFile.PathOf("config/postfix"), "*.md"),
            page => Assert.All(PageSnippet.LanguagesOf(page), language => Assert.Contains(language, (string[])["main.cf", "master.cf", "toml", "sh"])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Postfix_takes_it_without_a_warning_and_reads_the_values_that_are_written(string name)
    {
        PageSnippet snippet = PageSnippet.All.Single(one => one.Name == name);
        string etc = await LayOutAsync(snippet);

        Dictionary<string, string> values = Values(await QuietAsync("postconf", "-c", etc, "-n"));
        string services = await QuietAsync("postconf", "-c", etc, "-M");
        Dictionary<string, string> overrides = Values(await QuietAsync("postconf", "-c", etc, "-P"));
        await QuietAsync("postfix", "-c", etc, "check"); // makes the queue's folders
        string complaints = await QuietAsync("postfix", "-c", etc, "check");

        Assert.Equal("", complaints);
        if (snippet.File == "main.cf")
        {
            Assert.NotEmpty(snippet.Parameters);
            Assert.All(snippet.Parameters, pair => Assert.Equal(pair.Value, values.GetValueOrDefault(pair.Key)));
        }
        else
        {
            Assert.NotEmpty(snippet.Overrides);
            Assert.Equal(snippet.Overrides.OrderBy(pair => pair.Key), overrides.OrderBy(pair => pair.Key));
            Assert.All(snippet.Overrides.Keys, key => Assert.Contains(key.Split('/')[0], services, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_slip_would_be_seen()
    {
        string etc = await LayOutAsync(new("slip", "main.cf", "relay_recipient_map = socketmap:inet:127.0.0.1:10060:recipients\n"));
        (_, string output) = await ChildProcess.RunAsync("postconf", ["-c", etc, "-n"], Patience);
        Assert.Contains("warning: ", output, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private async Task<string> LayOutAsync(PageSnippet snippet)
    {
        string etc = _folder.CreateFolder("etc");
        _folder.CreateFolder("spool");
        string data = _folder.CreateFolder("data");
        await QuietAsync("chown", "postfix", data);
        _folder.WriteAged("etc/main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {_folder.Path}/spool
            data_directory = {data}

            """ + (snippet.File == "main.cf" ? snippet.Text : ""));
        _folder.Write("etc/master.cf", """
            smtp      inet  n       -       y       -       -       smtpd
            pickup    unix  n       -       n       60      1       pickup
            cleanup   unix  n       -       n       -       0       cleanup

            """ + (snippet.File == "master.cf" ? snippet.Text : ""));
        return etc;
    }

    /// <summary>Runs a program that must succeed and not complain; both of its outputs are one.</summary>
    private static async Task<string> QuietAsync(string program, params string[] arguments)
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(program, arguments, Patience);
        Assert.True(exitCode == 0 && !output.Contains("warning:", StringComparison.Ordinal), $"{program} ended with {exitCode}:\n{output}");
        return output;
    }

    private static Dictionary<string, string> Values(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0].Trim(), pair => PageSnippet.Plain(pair[1]));
}
