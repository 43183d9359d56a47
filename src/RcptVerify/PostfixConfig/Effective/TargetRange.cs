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
    /// The release that was said; else the installed one when the machine's own configuration is read; else the one the file hints at,
    /// see <see cref="ReleaseHint"/>, and all branches after it.
    /// </summary>
    public static TargetRange Of(PostfixVersion? said, OpenSslVersion? openSsl, Platform? platform, PostfixConfiguration configuration)
    {
        PostfixVersion? known = said ?? (InstalledPostfix.Owns(configuration.Folder) ? InstalledPostfix.Version() : null);
        Platform system = platform ?? Platform.Unknown;
        if (known is PostfixVersion version)
            return Of(With(version));
        PostfixVersion oldest = ReleaseHint.Oldest(configuration.Main);
        return new TargetRange([With(oldest), .. PostfixVersion.Branches.Where(branch => branch > oldest && (branch.Major, branch.Minor) != (oldest.Major, oldest.Minor)).Select(With)], false);

        Target With(PostfixVersion release) =>
            new(release, openSsl ?? OpenSslVersion.AssumedFor(release), system) { IsOpenSslKnown = openSsl is not null };
    }
}
