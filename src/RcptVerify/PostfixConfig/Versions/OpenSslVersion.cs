using System.Globalization;

namespace RcptVerify.PostfixConfig.Versions;

/// <summary>A release of OpenSSL, as far as it matters here.</summary>
/// <param name="Major">3 of 3.0.19.</param>
/// <param name="Minor">0 of 3.0.19.</param>
/// <param name="Patch">19 of 3.0.19; 0 when not given.</param>
internal readonly record struct OpenSslVersion(int Major, int Minor, int Patch = 0) : IComparable<OpenSslVersion>
{
    /// <summary>What is assumed when nobody says: the branch most maintained distributions ship.</summary>
    public static readonly OpenSslVersion Assumed = new(3, 0);

    private static readonly OpenSslVersion Before11 = new(1, 0, 2);

    /// <summary>
    /// What is assumed beside a release of Postfix: <see cref="Assumed"/>; 1.0.2, which still has RC4, 3DES and export suites, for those
    /// before 3.1, the first one that distributions built with 1.1.0.
    /// </summary>
    public static OpenSslVersion AssumedFor(PostfixVersion postfix) => postfix.IsAtLeast(3, 1) ? Assumed : Before11;

    /// <summary>
    /// Reads <c>3.0</c>, <c>3.0.19</c>, <c>1.1.1w</c>, <c>3</c>. <c>1.0</c> and <c>1.1</c> are the last of their lines, 1.0.2 and 1.1.1,
    /// which is where TLS 1.2 and 1.3 came.
    /// </summary>
    public static bool TryParse(string? text, out OpenSslVersion version)
    {
        version = default;
        string[] parts = (text ?? "").Split('.');
        Span<int> numbers = stackalloc int[3];
        if (parts.Length is 0 or > 3)
            return false;
        for (int at = 0; at < parts.Length; at++)
        {
            string digits = at == 2 ? parts[at].TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]) : parts[at];
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out numbers[at]))
                return false;
        }

        if (parts.Length == 2 && numbers[0] == 1)
            numbers[2] = numbers[1] == 0 ? 2 : 1;
        version = new OpenSslVersion(numbers[0], numbers[1], numbers[2]);
        return version.Major is >= 0 and <= 4;
    }

    /// <summary>Whether it is that release or a later one.</summary>
    public bool IsAtLeast(int major, int minor, int patch = 0) => CompareTo(new OpenSslVersion(major, minor, patch)) >= 0;

    /// <inheritdoc/>
    public int CompareTo(OpenSslVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public static bool operator <(OpenSslVersion left, OpenSslVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(OpenSslVersion left, OpenSslVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(OpenSslVersion left, OpenSslVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(OpenSslVersion left, OpenSslVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Patch == 0 ? $"{Major}.{Minor}" : $"{Major}.{Minor}.{Patch}";
}
