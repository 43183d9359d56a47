using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>The releases a configuration is evaluated for: one when it is known, else every branch that may run it.</summary>
/// <param name="Targets">Oldest first, never empty.</param>
/// <param name="IsKnown">Whether somebody or something said the release.</param>
internal sealed record TargetRange(IReadOnlyList<Target> Targets, bool IsKnown)
{
    /// <summary>The newest of them.</summary>
    public Target Newest => Targets[^1];

    /// <summary>One release.</summary>
    public static TargetRange Of(Target target) => new([target], true);

    /// <summary>
    /// The release that was said; else the installed one when the machine's own configuration is read; else all branches from the
    /// one that compatibility_level hints at, at least <see cref="PostfixVersion.OldestInUse"/>.
    /// </summary>
    public static TargetRange Of(PostfixVersion? said, OpenSslVersion? openSsl, Platform? platform, PostfixConfiguration configuration)
    {
        PostfixVersion? known = said ?? (InstalledPostfix.Owns(configuration.Folder) ? InstalledPostfix.Version() : null);
        OpenSslVersion library = openSsl ?? OpenSslVersion.Assumed;
        Platform system = platform ?? Platform.Unknown;
        if (known is PostfixVersion version)
            return Of(With(version));
        PostfixVersion oldest = PostfixVersion.OldestInUse;
        if (PostfixVersion.TryParse(configuration.Main.Find("compatibility_level")?.Value, out PostfixVersion level) && level > oldest)
            oldest = level;
        List<Target> targets = [];
        for (int at = 0; at < PostfixVersion.Branches.Count; at++)
        {
            if (PostfixVersion.Branches[at] >= oldest)
                targets.Add(With(PostfixVersion.Branches[at]));
        }

        return new TargetRange(targets, false);

        Target With(PostfixVersion release) => new(release, library, system) { IsOpenSslKnown = openSsl is not null };
    }
}
