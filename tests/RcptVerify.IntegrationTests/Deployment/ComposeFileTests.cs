using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary>What Compose would refuse in <c>docker/compose.yaml</c>, and what it would start all the same although it cannot work.</summary>
public sealed partial class ComposeFileTests
{
    private static readonly ComposeFile Compose = ComposeFile.Load();

    /// <summary>Keys of a service in the Compose specification, as far as they are used here: a misspelt one is not among them.</summary>
    private static readonly string[] ServiceKeys =
    [
        "build", "cap_add", "cap_drop", "command", "depends_on", "healthcheck", "hostname", "image", "networks", "ports", "read_only", "restart",
        "security_opt", "tmpfs", "user", "volumes",
    ];

    [Fact]
    public void It_has_two_exchangers_two_daemons_one_Redis_and_one_Exchange()
    {
        Assert.Equal(["exchange", "mx1", "mx2", "rcptverify1", "rcptverify2", "redis"], Compose.Services.Keys.Order());
        Assert.All(Compose.Root.Keys.Cast<string>(), key => Assert.True(key is "name" or "services" or "networks" or "volumes" || key.StartsWith("x-", StringComparison.Ordinal), key));
        Assert.All(Compose.Services.Values, service => Assert.Empty(service.Values.Keys.Cast<string>().Except(ServiceKeys)));
    }

    [Fact]
    public void Each_container_has_a_read_only_root_no_capability_it_does_not_need_and_a_health_check()
    {
        foreach (ComposeService service in Compose.Services.Values)
        {
            Assert.Equal("true", service.Text("read_only"));
            Assert.Equal(["ALL"], service.List("cap_drop"));
            Assert.Equal(["no-new-privileges:true"], service.List("security_opt"));
            Assert.NotEmpty(ComposeFile.List(ComposeFile.Map(service.Get("healthcheck")).GetValueOrDefault("test")));
            Assert.Matches("^[a-z0-9-]+:[a-z0-9.-]*[0-9][a-z0-9.-]*$", service.Text("image"));
            Assert.Equal(service.Name.StartsWith("mx", StringComparison.Ordinal), service.List("cap_add").Count > 0);
        }

        // Whoever starts as root says what for; the others have a user of their own.
        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", Compose.Services["redis"].Text("user"));
    }

    [Fact]
    public void Whatever_is_referred_to_exists()
    {
        List<string> usedVolumes = [];
        foreach (ComposeService service in Compose.Services.Values)
        {
            Assert.Empty(service.Networks.Except(Compose.NamesOf("networks")));
            if (ComposeFile.Map(service.Get("build")) is { Count: > 0 } build)
            {
                string context = Path.GetFullPath(RepositoryFile.PathOf(Path.Combine("docker", (string)build["context"]!)));
                Assert.True(File.Exists(Path.Combine(context, (string)build["dockerfile"]!)));
            }

            foreach (string volume in service.List("volumes"))
            {
                string source = volume.Split(':')[0];
                if (source.StartsWith('.'))
                    Assert.True(File.Exists(RepositoryFile.PathOf(Path.Combine("docker", source))) && volume.EndsWith(":ro", StringComparison.Ordinal), volume);
                else
                    usedVolumes.Add(source);
            }

            foreach ((object name, object? condition) in ComposeFile.Map(service.Get("depends_on")))
            {
                Assert.Contains((string)name, Compose.Services.Keys);
                Assert.Contains((string)ComposeFile.Map(condition)["condition"]!, new[] { "service_started", "service_healthy" });
            }
        }

        // Each with one owner: two daemons on one store, or two Postfixes on one queue, would be a fault.
        Assert.Equal(Compose.NamesOf("volumes").Order(), usedVolumes.Order());
    }

    [Fact]
    public void Published_ports_are_on_loopback_different_and_served_inside()
    {
        string master = RepositoryFile.Read("docker/postfix/master.cf");
        List<string> published = [];
        foreach (string port in Compose.Services.Values.SelectMany(service => service.List("ports")))
        {
            string[] parts = port.Split(':');
            Assert.Equal((3, "127.0.0.1"), (parts.Length, parts[0]));
            Assert.Matches($@"(?m)^{parts[2]}\s+inet\s", master);
            published.Add(parts[1]);
        }

        Assert.Equal((6, 6), (published.Count, published.Distinct().Count()));
    }

    [Fact]
    public void Each_name_and_port_in_a_configuration_leads_to_one_service_on_a_common_network()
    {
        string daemon = RepositoryFile.Read("docker/rcptverify.toml");
        string postfix = RepositoryFile.Read("docker/postfix/main.cf") + RepositoryFile.Read("docker/postfix/master.cf");
        foreach (string node in new[] { "1", "2" })
        {
            Assert.Equal(["exchange:2525", "redis:6379"], Targets(daemon, $"rcptverify{node}").Order());
            Assert.Equal(
                ["exchange:2525", $"rcptverify{node}:10040", $"rcptverify{node}:10050", $"rcptverify{node}:10060"], Targets(postfix, $"mx{node}").Order());
        }

        Assert.Contains("inet:0.0.0.0:2525", Compose.Services["exchange"].Command);
        Assert.All([10040, 10050, 10060], port => Assert.Contains($"inet:0.0.0.0:{port}", daemon, StringComparison.Ordinal));
    }

    [Fact]
    public void Health_checks_fail_where_nobody_listens()
    {
        string[] scripts = [.. Compose.Services.Values.Select(service => service.HealthScript).OfType<string>()];
        Assert.Equal(5, scripts.Length);
        Assert.All(scripts, script => Assert.Matches("/dev/tcp/127.0.0.1/(25|2525|10080) ", script));
    }

    /// <summary>The services that HOST:PORT in a text leads to, seen from one service.</summary>
    private static IEnumerable<string> Targets(string text, string from)
    {
        foreach ((string host, string port) in HostPort().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Distinct())
        {
            ComposeService target = Assert.Single(
                Compose.Services.Values,
                service => service.Networks.Intersect(Compose.Services[from].Networks).Any(network => service.NamesOn(network).Contains(host)));
            yield return $"{target.Name}:{port}";
        }
    }

    [GeneratedRegex(@"(?<=[""\[:])(?!inet:)([a-z]+)\]?:([0-9]+)")]
    private static partial Regex HostPort();
}
