using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>What <c>config/redis.md</c> tells administrators to copy, word by word.</summary>
internal static partial class RedisDocument
{
    public const string Password = "of-the-tests";

    private static readonly string Text = RepositoryFile.Read("config/redis.md");

    /// <summary>The rights of a user of our own.</summary>
    public static string[] UserRules => UserLine().Match(Text).Groups[1].Value.Replace(">PASSWORD", ">" + Password, StringComparison.Ordinal).Split(' ');

    /// <summary>All connection strings, as they stand there.</summary>
    public static IReadOnlyList<string> ConnectionStrings => [.. ConnectionLine().Matches(Text).Select(match => match.Groups[1].Value)];

    /// <summary>A connection string with other servers in place of those at its beginning.</summary>
    /// <param name="option">Which one: the first that has this option.</param>
    /// <param name="servers">The servers.</param>
    public static string ConnectionString(string option, string servers)
    {
        string[] parts = ConnectionStrings.First(text => text.Split(',').Contains(option)).Split(',');
        return string.Join(',', [servers, .. parts.SkipWhile(part => !part.Contains('=', StringComparison.Ordinal))])
            .Replace("PASSWORD", Password, StringComparison.Ordinal);
    }

    [GeneratedRegex("^ACL SETUSER rcptverify (.+)$", RegexOptions.Multiline)]
    private static partial Regex UserLine();

    [GeneratedRegex("^redis = \"(.+)\"$", RegexOptions.Multiline)]
    private static partial Regex ConnectionLine();
}
