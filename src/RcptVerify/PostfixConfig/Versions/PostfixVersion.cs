using System.Globalization;

namespace RcptVerify.PostfixConfig.Versions;

/// <summary>A release of Postfix. Without a patch level it is the newest of its branch.</summary>
/// <param name="Major">3 of 3.7.11.</param>
/// <param name="Minor">7 of 3.7.11.</param>
/// <param name="Patch">11 of 3.7.11; <see cref="Newest"/> when not given.</param>
internal readonly record struct PostfixVersion(int Major, int Minor, int Patch = PostfixVersion.Newest) : IComparable<PostfixVersion>
{
    /// <summary>The patch level of a version given as X.Y.</summary>
    public const int Newest = int.MaxValue;

    private const int First2 = 6;
    private const int Last2 = 11;
    private const int Last3 = 12;

    /// <summary>The branches that are known, oldest first: 2.6 to 3.12.</summary>
    public static readonly IReadOnlyList<PostfixVersion> Branches = AllBranches();

    /// <summary>The oldest branch that a maintained distribution still ships: what is assumed when nobody says the version starts here.</summary>
    public static readonly PostfixVersion OldestInUse = new(3, 4);

    /// <summary>The newest branch that is known.</summary>
    public static PostfixVersion Latest => Branches[^1];

    /// <summary>Reads <c>3.7</c>, <c>3.7.11</c> or <c>3.12-20260821</c>.</summary>
    /// <returns>Whether it is a version from 2.6 to 3.12.</returns>
    public static bool TryParse(string? text, out PostfixVersion version)
    {
        version = default;
        string[] parts = (text ?? "").Split('-')[0].Split('.');
        if (parts.Length is not (2 or 3) ||
            !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) ||
            !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor))
        {
            return false;
        }

        int patch = Newest;
        if (parts.Length == 3 && !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out patch))
            return false;
        version = new PostfixVersion(major, minor, patch);
        return (major == 2 && minor is >= First2 and <= Last2) || (major == 3 && minor is >= 0 and <= Last3);
    }

    /// <summary>Whether it is that release or a later one, by number: 3.6.0 is later than 3.5.24.</summary>
    public bool IsAtLeast(int major, int minor, int patch = 0) => CompareTo(new PostfixVersion(major, minor, patch)) >= 0;

    /// <summary>
    /// Whether it holds a change that went into a release and into patches of older branches:
    /// <c>Has("2.9.14 2.10.8 2.11.6 3.0.2 3.1")</c>.
    /// </summary>
    /// <param name="releases">Ascending; the last one and all branches after it have the change.</param>
    public bool Has(string releases)
    {
        PostfixVersion last = default;
        foreach (string text in releases.Split(' '))
        {
            last = Numbers(text);
            if (last.Major == Major && last.Minor == Minor && Patch >= last.Patch)
                return true;
        }

        return Major > last.Major || (Major == last.Major && Minor > last.Minor);
    }

    /// <inheritdoc/>
    public int CompareTo(PostfixVersion other) => Major != other.Major ? Major.CompareTo(other.Major)
        : Minor != other.Minor ? Minor.CompareTo(other.Minor)
        : Patch.CompareTo(other.Patch);

    public static bool operator <(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Patch == Newest ? $"{Major}.{Minor}" : $"{Major}.{Minor}.{Patch}";

    private static PostfixVersion[] AllBranches()
    {
        const int Of2 = Last2 - First2 + 1;
        PostfixVersion[] branches = new PostfixVersion[Of2 + Last3 + 1];
        for (int at = 0; at < branches.Length; at++)
            branches[at] = at < Of2 ? new PostfixVersion(2, First2 + at) : new PostfixVersion(3, at - Of2);
        return branches;
    }

    /// <summary>A version of a table, where X.Y is X.Y.0.</summary>
    internal static PostfixVersion Numbers(string text)
    {
        string[] parts = text.Split('.');
        return new PostfixVersion(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            int.Parse(parts[1], CultureInfo.InvariantCulture),
            parts.Length > 2 ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 0);
    }
}
