namespace RcptVerify.PostfixConfig.Versions;

/// <summary>A distribution, for what its build of Postfix lacks.</summary>
/// <param name="Name">As <c>--platform</c> names it.</param>
/// <param name="HasBerkeleyDb">Whether hash: and btree: tables exist there.</param>
internal sealed record Platform(string Name, bool HasBerkeleyDb)
{
    /// <summary>Nobody said.</summary>
    public static readonly Platform Unknown = new("unknown", true);

    /// <summary>The ones that are known.</summary>
    public static readonly IReadOnlyList<Platform> All =
    [
        new("debian", true), new("ubuntu", true), new("rhel8", true), new("rhel9", true), new("rhel10", false), new("fedora", true),
        new("alpine", false), new("suse", true), new("freebsd", true),
    ];

    /// <summary>The platform of a name; null when there is none.</summary>
    public static Platform? Find(string name) => All.FirstOrDefault(platform => platform.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
