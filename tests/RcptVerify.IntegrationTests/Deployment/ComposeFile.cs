using RcptVerify.TestKit.Processes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace RcptVerify.IntegrationTests.Deployment;

/// <summary><c>docker/compose.yaml</c> as its reader would see it, anchors and merges resolved.</summary>
internal sealed class ComposeFile
{
    private ComposeFile(IReadOnlyDictionary<object, object?> root) => Root = root;

    /// <summary>All of it.</summary>
    public IReadOnlyDictionary<object, object?> Root { get; }

    /// <summary>The services by name.</summary>
    public IReadOnlyDictionary<string, ComposeService> Services => field ??= Map(Root["services"]).ToDictionary(
        pair => (string)pair.Key, pair => new ComposeService((string)pair.Key, Map(pair.Value)));

    /// <summary>The names under a key at the top: networks, volumes.</summary>
    public IEnumerable<string> NamesOf(string key) => Map(Root[key]).Keys.Cast<string>();

    /// <summary>Reads the file.</summary>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static ComposeFile Load()
    {
        MergingParser parser = new(new Parser(new StringReader(RepositoryFile.Read("docker/compose.yaml"))));
        return new(new DeserializerBuilder().Build().Deserialize<Dictionary<object, object?>>(parser));
    }

    internal static Dictionary<object, object?> Map(object? value) => value as Dictionary<object, object?> ?? [];

    internal static IReadOnlyList<string> List(object? value) => value is List<object> list ? [.. list.Select(item => (string)item)] : [];
}

/// <summary>One service of <c>compose.yaml</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">What stands under it.</param>
internal sealed record ComposeService(string Name, IReadOnlyDictionary<object, object?> Values)
{
    /// <summary>The command, word by word; empty where the image's own is used.</summary>
    public IReadOnlyList<string> Command => List("command");

    /// <summary>Whether the image is made from this repository's program.</summary>
    public bool IsOurs => (string?)Text("image") is { } image && image.StartsWith("rcptverify:", StringComparison.Ordinal);

    /// <summary>The bash script of the health check, as bash sees it; null where it is no such script.</summary>
    public string? HealthScript => ComposeFile.List(ComposeFile.Map(Get("healthcheck")).GetValueOrDefault("test")) is ["CMD", "bash", "-c", var script]
        ? script.Replace("$$", "$", StringComparison.Ordinal)
        : null;

    /// <summary>The networks.</summary>
    public IReadOnlyList<string> Networks => Get("networks") is List<object> ? List("networks") : [.. ComposeFile.Map(Get("networks")).Keys.Cast<string>()];

    /// <summary>By what names others on that network reach it.</summary>
    public IEnumerable<string> NamesOn(string network) =>
        [Name, .. ComposeFile.List(ComposeFile.Map(ComposeFile.Map(Get("networks")).GetValueOrDefault(network)).GetValueOrDefault("aliases"))];

    public object? Get(string key) => Values.GetValueOrDefault(key);

    public string? Text(string key) => Get(key) as string;

    public IReadOnlyList<string> List(string key) => ComposeFile.List(Get(key));
}
