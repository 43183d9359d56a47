using System.Globalization;

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

    private const string RedHat = "rhel";
    private const int NewestRedHat = 10;
    private const int OldestRedHat = 8;

    private static readonly (string Family, string[] Relatives)[] Families =
    [
        ("debian", ["raspbian", "devuan", "debiangnulinux"]),
        ("ubuntu", ["linuxmint", "mint"]),
        (RedHat, ["el", "redhat", "centos", "centosstream", "rocky", "rockylinux", "alma", "almalinux", "ol", "oracle", "oraclelinux"]),
        ("alpine", ["alpinelinux"]),
        ("suse", ["opensuse", "opensuseleap", "opensusetumbleweed", "sles", "sled"]),
    ];

    /// <summary>
    /// The platform of a name, in any case; a version may follow, and a relative stands for its family: <c>rocky10</c>,
    /// <c>Ubuntu 24.04</c>, <c>el9</c>, as /etc/os-release and package names have them. Null when there is none, or when the version decides
    /// and is missing.
    /// </summary>
    public static Platform? Find(string name)
    {
        int at = name.AsSpan().IndexOfAnyInRange('0', '9');
        string number = at < 0 ? "" : name[at..].TrimEnd();
        if (!number.All(sign => char.IsAsciiDigit(sign) || sign == '.'))
            return null;
        string word = string.Concat((at < 0 ? name : name[..at]).Where(sign => sign is not (' ' or '-' or '_' or ':' or '/' or '.'))).ToLowerInvariant();
        string family = Families.FirstOrDefault(row => row.Relatives.Contains(word)).Family ?? word;
        if (family == RedHat)
        {
            if (!int.TryParse(number.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int release))
                return null;
            // What is older still has what the oldest one here has.
            family += Math.Clamp(release, OldestRedHat, NewestRedHat).ToString(CultureInfo.InvariantCulture);
        }

        return All.FirstOrDefault(platform => platform.Name == family);
    }
}
