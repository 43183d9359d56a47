using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>What a main.cf tells of the release it was written for.</summary>
internal static class ReleaseHint
{
    private const string DocumentationFolder = "/postfix-";

    // Packages that put the release into the path of the documentation write that path into main.cf.
    private static readonly string[] Documentation = ["sample_directory", "readme_directory", "html_directory"];

    /// <summary>The oldest release that may run the configuration, as far as it says; <see cref="PostfixVersion.OldestInUse"/> when it says nothing.</summary>
    /// <remarks>
    /// compatibility_level tells what it was written for, so that nothing older runs it. The documentation's path may have been left behind
    /// by an upgrade: it makes the range longer, never shorter.
    /// </remarks>
    public static PostfixVersion Oldest(MainCf main)
    {
        if (main.Find("compatibility_level") is MainCfEntry level)
        {
            return PostfixVersion.TryParse(level.Value, out PostfixVersion newest) && newest > PostfixVersion.OldestInUse
                ? new PostfixVersion(newest.Major, newest.Minor) : PostfixVersion.OldestInUse;
        }

        PostfixVersion oldest = PostfixVersion.OldestInUse;
        foreach (string name in Documentation)
        {
            if (Documented(main.Find(name)?.Value) is PostfixVersion release && release < oldest)
                oldest = release;
        }

        return oldest;
    }

    /// <summary>2.10.1 of <c>/usr/share/doc/postfix-2.10.1/samples</c>; null for a path without a release that is known.</summary>
    private static PostfixVersion? Documented(string? path)
    {
        int at = path?.IndexOf(DocumentationFolder, StringComparison.Ordinal) ?? -1;
        return at >= 0 && PostfixVersion.TryParse(path![(at + DocumentationFolder.Length)..].Split('/')[0], out PostfixVersion release) ? release : null;
    }
}
