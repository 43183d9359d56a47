using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>No container engine is at hand here: what can be wrong in the Dockerfiles without one is looked for.</summary>
public sealed partial class DockerfileTests
{
    private const string Ours = "docker/Dockerfile";
    private const string Postfix = "docker/postfix/Dockerfile";

    /// <summary>Each with the folder that is its build context in <c>compose.yaml</c>.</summary>
    public static TheoryData<string, string> Files { get; } = new() { { Ours, "" }, { Postfix, "docker/postfix" } };

    [Theory]
    [MemberData(nameof(Files))]
    public void Base_images_have_a_tag_and_what_is_copied_exists(string path, string context)
    {
        Dockerfile file = Dockerfile.Load(path);
        HashSet<string> stages = [];
        foreach (string from in file.All("FROM"))
        {
            string[] words = from.Split(' ');
            Assert.True(stages.Contains(words[0]) || Image().IsMatch(words[0]), $"{words[0]} has no tag of its own");
            stages.Add(words[^1]);
        }

        Assert.Empty(file.All("ADD"));
        foreach (string[] words in file.All("COPY").Select(copy => copy.Split(' ')))
        {
            string[] paths = [.. words.Where(word => !word.StartsWith("--", StringComparison.Ordinal))];
            if (words.FirstOrDefault(word => word.StartsWith("--from=", StringComparison.Ordinal)) is { } from)
                Assert.Contains(from["--from=".Length..], stages);
            else
                Assert.All(paths[..^1], source => Assert.True(Path.Exists(RepositoryFile.PathOf(Path.Combine(context, source))), $"{source} does not exist"));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Commands_are_words_and_package_lists_are_removed(string path, string _)
    {
        Dockerfile file = Dockerfile.Load(path);
        foreach (string arguments in file.All("CMD").Concat(file.All("ENTRYPOINT")).Concat(file.All("VOLUME")).Concat(file.All("SHELL")))
            Assert.Matches("^\\[(\"[^\"]+\"(, )?)+\\]$", arguments);
        Assert.All(file.All("RUN").Where(run => run.Contains("apt-get update", StringComparison.Ordinal)), run => Assert.EndsWith("rm -rf /var/lib/apt/lists/*", run, StringComparison.Ordinal));
        Assert.All(file.All("RUN"), run => Assert.DoesNotContain("sudo", run, StringComparison.Ordinal));
    }

    [Fact]
    public void The_daemon_runs_as_a_user_by_number_who_owns_its_volume()
    {
        Dockerfile file = Dockerfile.Load(Ours);
        string user = file.All("USER").Last();
        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", user);
        Assert.Equal(2, file.All("FROM").Count());
        foreach (string folder in new[] { "/var/lib/rcptverify", "/run/rcptverify" })
            Assert.Contains(file.All("COPY"), copy => copy.Contains($"--chown={user} ", StringComparison.Ordinal) && copy.EndsWith(folder, StringComparison.Ordinal));
        // Nothing is built or copied once the user is chosen.
        Assert.DoesNotContain(file.Instructions.SkipWhile(i => i.Name != "USER"), i => i.Name is "RUN" or "COPY" or "FROM");
    }

    [Fact]
    public void Ports_that_are_exposed_are_those_that_are_listened_on()
    {
        Assert.Equal(ListenPort().Matches(RepositoryFile.Read("docker/rcptverify.toml")).Select(m => m.Groups[1].Value), Dockerfile.Load(Ours).All("EXPOSE").Single().Split(' '));
        Assert.Equal(InetService().Matches(RepositoryFile.Read("docker/postfix/master.cf")).Select(m => m.Groups[1].Value), Dockerfile.Load(Postfix).All("EXPOSE").Single().Split(' '));
    }

    [Fact]
    public async Task The_configuration_and_the_default_command_are_understood()
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(
            DaemonProcess.Executable, ["check-config", "-c", RepositoryFile.PathOf("docker/rcptverify.toml")], TimeSpan.FromSeconds(30));
        Assert.Equal((0, true), (exitCode, output.EndsWith("fine, 1 route", StringComparison.Ordinal)));
        Assert.Equal("[\"serve\", \"-c\", \"/etc/rcptverify/rcptverify.toml\"]", Dockerfile.Load(Ours).All("CMD").Single());
        Assert.Equal("[\"/app/rcptverify\"]", Dockerfile.Load(Ours).All("ENTRYPOINT").Single());
    }

    [GeneratedRegex("^[a-z0-9./-]+:(?!latest$)[a-z0-9.-]*[0-9][a-z0-9.-]*$")]
    private static partial Regex Image();

    [GeneratedRegex("\"inet:0\\.0\\.0\\.0:([0-9]+)\"")]
    private static partial Regex ListenPort();

    [GeneratedRegex(@"^([0-9]+)\s+inet\s", RegexOptions.Multiline)]
    private static partial Regex InetService();
}
